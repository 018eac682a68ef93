import { resolve } from "node:path";
import { findTool } from "../host/program/process.ts";
import { type OnOutput, streamProgram } from "../host/program/stream-program.ts";
import type { Context } from "../kit/context.ts";
import { GuestkitError } from "../kit/errors.ts";
import { loginFailure } from "./ssh/failure.ts";
import { clientArguments, destination, isPinned, type SshTarget } from "./ssh/index.ts";

export interface RsyncOptions {
  /** As rsync takes it: with a slash at its end, what is in the folder. */
  readonly local: string;
  readonly remote: string;
  readonly direction: "in" | "out";
  /** Further options of rsync(1), beside --archive. */
  readonly options: readonly string[];
  readonly onOutput?: OnOutput;
  readonly timeoutMs?: number;
}

export interface RsyncResult {
  /** rsync's own. */
  readonly exitCode: number;
  /** The end of what it said. */
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs the host's rsync over the machine's own SSH options. Its exit code is a result. Throws `E_TOOL_MISSING`,
 * `E_GUEST_NO_RSYNC`, `E_SSH_...` and `E_GUEST_TIMEOUT`.
 */
export async function rsync(
  target: SshTarget,
  { local, remote, direction, options, onOutput, timeoutMs }: RsyncOptions,
  { signal }: Pick<Context, "signal">,
): Promise<RsyncResult> {
  const sides = [hostSide(local), `${target.name}:${remote}`];
  const paths = direction === "in" ? sides : sides.toReversed();
  // Names reach the guest as data, and no shell there sees them.
  const kept = direction === "out" ? TAKEN : [];
  const own = ["--archive", ...kept, "--secluded-args", "-e", await remoteShell(target)];
  const result = await streamProgram("rsync", [...own, ...options, "--", ...paths], {
    signal,
    ...(onOutput && { onOutput }),
    ...(timeoutMs !== undefined && { timeoutMs }),
  });
  return judge(target, result, timeoutMs);
}

/**
 * What a guest may leave on the host, where root may be the one who reads it: files, folders and links, and no program
 * that runs as somebody else. rsync writes through no link that came; whoever reads the tree later may follow one.
 */
const TAKEN = ["--no-devices", "--no-specials", "--chmod=Fug-s"];

/** Absolute, so that no colon or dash in it means something; the slash at its end does. */
const hostSide = (path: string): string => resolve(path) + (/[^/]\/+$/.test(path) ? "/" : "");

/** The command for --rsh, which rsync cuts at blanks outside of quotes; a doubled quote within quotes stands for one. */
async function remoteShell(target: SshTarget): Promise<string> {
  const client = clientArguments(target, { pinned: await isPinned(target.knownHostsFile) });
  // rsync names the machine; where that is, ssh is told here.
  const place = ["-o", `HostName=${target.host}`, ...destination(target).slice(0, -2)];
  return [findTool("ssh"), ...client, ...place].map((word) => `'${word.replaceAll("'", "''")}'`).join(" ");
}

type Ended = Awaited<ReturnType<typeof streamProgram>>;

function judge(target: SshTarget, ended: Ended, timeoutMs = 0): RsyncResult {
  const { exitCode, stdout, stderr, timedOut } = ended;
  const { name } = target;
  if (timedOut) {
    const message = `Cannot finish in "${name}": rsync took longer than ${Math.round(timeoutMs / 1000)} s`;
    throw new GuestkitError("E_GUEST_TIMEOUT", message);
  }
  if (exitCode === 255 || NOT_IN.test(stderr)) throw loginFailure(target, withoutRsync(stderr));
  if (lacksRsync(exitCode, stderr)) {
    throw new GuestkitError("E_GUEST_NO_RSYNC", `Cannot sync with "${name}": the guest has no rsync`, {
      help: `Install it there (guestkit vm exec --user root ${name} apt-get install -y rsync), or use guestkit vm cp.`,
    });
  }
  return { exitCode: exitCode ?? 20, stdout, stderr };
}

/** The client's words where it did not log in: rsync may end before it has seen the client's exit code. */
const NOT_IN = /^ssh: connect|^Host key verification failed|: Permission denied \(|^kex_exchange_identification/m;

/** What a shell says that finds no such program, in the words of those that there are; rsync then misses its other half. */
const lacksRsync = (exitCode: number | null, said: string): boolean =>
  (exitCode === 12 || exitCode === 127) && /rsync['"]?: (?:command )?not found|rsync: No such file/i.test(said);

const withoutRsync = (said: string): string =>
  said
    .split("\n")
    .filter((line) => !line.startsWith("rsync"))
    .join("\n");
