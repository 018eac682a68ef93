import {
  clientArguments,
  demandTarget,
  destination,
  isPinned,
  liveRun,
  reachMachine,
  sshTarget,
  streamProgram,
} from "@guestkit/core/machine";
import { EXIT, type Invocation } from "../../command/command.ts";

/** OpenSSH's client at this terminal; its exit code is ours. */
export async function run({ positionals, flags, values, signal }: Invocation): Promise<number> {
  const [name = "", ...command] = positionals;
  const reached = await reachMachine(name, signal);
  const found = sshTarget(reached.machine, reached.folder, await liveRun(reached)) ?? demandTarget(reached.machine);
  const target = { ...found, user: values.user ?? found.user };
  const client = clientArguments(target, { interactive: true, pinned: await isPinned(target.knownHostsFile) });
  const terminal = flags.has("tty") ? ["-t"] : [];
  const { exitCode } = await streamProgram("ssh", [...client, ...terminal, ...destination(target), ...command], {
    inherit: true,
  });
  return exitCode ?? EXIT.interrupted;
}
