import { runScript } from "@guestkit/core/machine";
import type { Invocation } from "../../command/command.ts";
import { inDisposable, wantedOf } from "./disposable-place.ts";
import { tell } from "./guest-code.ts";
import { passOn } from "./streams.ts";

/** A script of this host in a machine of which nothing remains. */
export async function run(invocation: Invocation): Promise<number> {
  const { options, via, timeoutMs } = wantedOf(invocation);
  const { positionals, flags, values } = invocation;
  const [, file = "", ...args] = positionals;
  const isJson = flags.has("json");
  const script = {
    ...{ file, args, via },
    ...(values.user && { user: values.user }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(process.stdin.isTTY ? {} : { input: process.stdin }),
    // By SSH standard input and outputs are our own; by the agent they are passed on.
    ...(isJson ? {} : { inherit: true, onOutput: passOn }),
  };
  return await inDisposable(invocation, options, async ({ machine, folder, run, context }) => {
    const result = await runScript({ machine, folder, run }, script, context);
    return isJson ? tell(result) : result.exitCode;
  });
}
