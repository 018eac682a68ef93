import { rsync } from "@guestkit/core/machine";
import type { Invocation } from "../../command/command.ts";
import { guestCode, limitOf } from "./guest-code.ts";
import { sidesOf } from "./sides.ts";
import { passOn } from "./streams.ts";
import { targetOf } from "./target.ts";

export async function run(invocation: Invocation): Promise<number> {
  const timeoutMs = limitOf(invocation);
  const sides = sidesOf(invocation);
  return await guestCode(invocation, () => sync(invocation, sides, timeoutMs));
}

async function sync(
  invocation: Invocation,
  { name, remote, local, out }: ReturnType<typeof sidesOf>,
  timeoutMs: number | undefined,
): Promise<number> {
  const { positionals, signal } = invocation;
  const options = positionals.slice(2);
  const { exitCode } = await rsync(
    await targetOf(invocation, name),
    {
      ...{ local, remote, direction: out ? "out" : "in" },
      // For whoever watches; a log has no use for it.
      options: [...(process.stdout.isTTY ? ["--info=progress2", "--human-readable"] : []), ...options],
      onOutput: passOn,
      ...(timeoutMs !== undefined && { timeoutMs }),
    },
    { signal },
  );
  return exitCode;
}
