import { execInGuest, liveRun, type Reached, reachMachine, sshTarget, type Via } from "@guestkit/core/machine";
import type { Invocation } from "../../command/command.ts";
import { guestCode, limitOf, tell } from "./guest-code.ts";
import { withStreams } from "./streams.ts";

export async function run(invocation: Invocation): Promise<number> {
  const timeoutMs = limitOf(invocation);
  return await guestCode(invocation, () => execute(invocation, timeoutMs));
}

async function execute(invocation: Invocation, timeoutMs: number | undefined): Promise<number> {
  const { positionals, flags, values, signal } = invocation;
  const [name = "", ...argv] = positionals;
  const reached = await reachMachine(name, signal);
  const run = await liveRun(reached);
  const command = { argv, ...(values.user && { user: values.user }), ...(timeoutMs !== undefined && { timeoutMs }) };
  const via = (values.via ?? "auto") as Via;
  if (flags.has("json")) return await answer(reached, run, { ...command, via });
  const { machine, folder, context } = reached;
  const hasSsh = sshTarget(machine, folder, run) !== null;
  return await withStreams(via, hasSsh, (streams) => {
    const tty = streams.via === "ssh" ? { tty: flags.has("tty") } : {};
    return execInGuest(machine, folder, run, { ...command, ...streams, ...tty }, context);
  });
}

type Run = Awaited<ReturnType<typeof liveRun>>;
type Given = Parameters<typeof execInGuest>[3];

async function answer({ machine, folder, context }: Reached, run: Run, command: Given): Promise<number> {
  const input = process.stdin.isTTY ? {} : { input: process.stdin };
  return tell(await execInGuest(machine, folder, run, { ...command, ...input }, context));
}
