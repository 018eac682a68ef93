import { liveRun, reachMachine, runScript, sshTarget, type Via } from "@guestkit/core/machine";
import type { Invocation } from "../../command/command.ts";
import { guestCode, limitOf, tell } from "./guest-code.ts";
import { withStreams } from "./streams.ts";

export async function run(invocation: Invocation): Promise<number> {
  const timeoutMs = limitOf(invocation);
  return await guestCode(invocation, () => runFile(invocation, timeoutMs));
}

async function runFile(invocation: Invocation, timeoutMs: number | undefined): Promise<number> {
  const { positionals, values, flags, signal } = invocation;
  const [name = "", file = "", ...args] = positionals;
  const reached = await reachMachine(name, signal);
  const { machine, folder, context } = reached;
  const place = { machine, folder, run: await liveRun(reached) };
  const via = (values.via ?? "auto") as Via;
  const user = values.user === undefined ? {} : { user: values.user };
  const options = { file, args, ...user, ...(timeoutMs !== undefined && { timeoutMs }) };
  if (!flags.has("json")) {
    const hasSsh = sshTarget(machine, folder, place.run) !== null;
    return await withStreams(via, hasSsh, (streams) => runScript(place, { ...options, ...streams }, context));
  }
  const input = process.stdin.isTTY ? {} : { input: process.stdin };
  return tell(await runScript(place, { ...options, ...input, via }, context));
}
