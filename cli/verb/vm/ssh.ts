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

export async function run({ positionals, flags, values, signal }: Invocation): Promise<number> {
  const [name = "", ...command] = positionals;
  const reached = await reachMachine(name, signal);
  const target = sshTarget(reached.machine, reached.folder, await liveRun(reached)) ?? demandTarget(reached.machine);
  return await login({ ...target, user: values.user ?? target.user }, command, { tty: flags.has("tty") });
}

interface LoginOptions {
  /** A terminal for a command. */
  readonly tty?: boolean;
  readonly signal?: AbortSignal;
}

/** OpenSSH's client at this terminal; its exit code is ours. */
export async function login(
  target: NonNullable<ReturnType<typeof sshTarget>>,
  command: readonly string[],
  { tty = false, signal }: LoginOptions = {},
): Promise<number> {
  const client = clientArguments(target, { interactive: true, pinned: await isPinned(target.knownHostsFile) });
  const terminal = tty ? ["-t"] : [];
  const args = [...client, ...terminal, ...destination(target), ...command];
  const { exitCode } = await streamProgram("ssh", args, { inherit: true, signal });
  return exitCode ?? EXIT.interrupted;
}
