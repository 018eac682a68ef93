import { liveRun, reachMachine, rsync } from "@guestkit/core/machine";
import type { Invocation } from "../../command/command.ts";
import { guestCode, limitOf } from "./guest-code.ts";
import { sidesOf } from "./sides.ts";
import { passOn } from "./streams.ts";

export async function run(invocation: Invocation): Promise<number> {
  const timeoutMs = limitOf(invocation);
  const sides = sidesOf(invocation);
  return await guestCode(invocation, () => sync(invocation, sides, timeoutMs));
}

async function sync(
  { positionals: [, , ...options], signal }: Invocation,
  { name, remote, local, out }: ReturnType<typeof sidesOf>,
  timeoutMs: number | undefined,
): Promise<number> {
  const reached = await reachMachine(name, signal);
  const { machine, folder, context } = reached;
  const { exitCode } = await rsync(
    { machine, folder, run: await liveRun(reached) },
    {
      ...{ local, remote, direction: out ? "out" : "in" },
      // For whoever watches; a log has no use for it.
      options: [...(process.stdout.isTTY ? ["--info=progress2", "--human-readable"] : []), ...options],
      onOutput: passOn,
      ...(timeoutMs !== undefined && { timeoutMs }),
    },
    context,
  );
  return exitCode;
}
