import { access } from "node:fs/promises";
import type { Readable } from "node:stream";
import { type OnOutput, type StreamResult, streamProgram } from "../../host/program/stream-program.ts";
import { GuestkitError } from "../../kit/errors.ts";
import { shellQuote } from "../../kit/shell.ts";
import { clientLog } from "./client-log.ts";
import { connectionLost, loginFailure } from "./failure.ts";
import { clientArguments } from "./options.ts";
import { destination } from "./show.ts";
import type { SshTarget } from "./target.ts";

export interface SshRunOptions {
  /** Standard input of the command; secrets belong here, since both sides show arguments to everybody. */
  readonly input?: string | Uint8Array | Readable | undefined;
  /** Standard input stays open behind `input`: the command sees its end when we are gone. */
  readonly hold?: boolean;
  readonly onOutput?: OnOutput | undefined;
  /** The command gets this process's standard input and output as they are. */
  readonly inherit?: boolean;
  /** The command gets a terminal; with `inherit`. */
  readonly tty?: boolean;
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Seconds until the server must have greeted. */
  readonly connectTimeout?: number;
  /** Where host keys are, instead of the target's own file. */
  readonly knownHostsFile?: string;
}

export interface GuestResult {
  readonly exitCode: number;
  /** Up to 16 MiB; the end alone of longer ones, and of those that were streamed. */
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a command (of a POSIX shell) in the guest as the target's user. Its exit code is a result, whatever it is; 128 and
 * more where a signal ended it. Throws `E_SSH_HOST_KEY`, `E_SSH_DENIED`, `E_SSH_UNREACHABLE`, `E_SSH` where one cannot
 * log in, `E_SSH_LOST` and `E_GUEST_TIMEOUT` where it did not end, and the signal's reason.
 */
export async function runOverSsh(
  target: SshTarget,
  command: string,
  options: SshRunOptions = {},
): Promise<GuestResult> {
  await using log = clientLog(target.logFolder);
  const args = [...log.args, ...(await loginArguments(target, options)), remoteCommand(command)];
  const result = await streamProgram("ssh", args, options);
  if (result.timedOut) throw tooLate(target, options.timeoutMs ?? 0);
  return judge(target, result, await log.read());
}

/** What of the command line stands before the command. */
async function loginArguments(target: SshTarget, options: SshRunOptions): Promise<string[]> {
  const { knownHostsFile = target.knownHostsFile, connectTimeout, tty = false } = options;
  const pinned = await isPinned(knownHostsFile);
  const chosen = { pinned, knownHostsFile, ...(connectTimeout !== undefined && { connectTimeout }) };
  return [...clientArguments(target, chosen), tty ? "-tt" : "-T", ...destination(target)];
}

/** The user's shell may be any: it is told to start one that is known, which stays and tells of signals by 128 + N. */
const remoteCommand = (command: string): string => `sh -c ${shellQuote(`${command}\nexit $?`)}`;

export async function isPinned(knownHostsFile: string): Promise<boolean> {
  return access(knownHostsFile).then(
    () => true,
    () => false,
  );
}

function judge(
  target: SshTarget,
  { exitCode, stdout, stderr }: StreamResult,
  { authenticated, end, said }: { authenticated: boolean; end: "exit" | "signal" | undefined; said: string },
): GuestResult {
  if (end !== undefined) return { exitCode: end === "exit" ? (exitCode ?? 255) : 137, stdout, stderr };
  throw authenticated ? connectionLost(target, said) : loginFailure(target, said || stderr);
}

function tooLate(target: SshTarget, timeoutMs: number): GuestkitError {
  return new GuestkitError(
    "E_GUEST_TIMEOUT",
    `Cannot finish in "${target.name}": the command took longer than ${Math.round(timeoutMs / 1000)} s`,
  );
}
