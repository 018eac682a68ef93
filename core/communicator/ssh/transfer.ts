import { resolve } from "node:path";
import { streamProgram } from "../../host/program/stream-program.ts";
import { lastLines } from "../../host/program/tail-buffer.ts";
import { GuestkitError } from "../../kit/errors.ts";
import { loginFailure } from "./failure.ts";
import { clientArguments } from "./options.ts";
import { isPinned } from "./run.ts";
import type { SshTarget } from "./target.ts";

export interface TransferOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
}

/**
 * Copies a file into the guest as `cp -p` would: into `remote` where that is a folder. Throws `E_SSH_...`,
 * `E_GUEST_COPY` with the client's words, `E_GUEST_NO_SFTP` where the guest has no SFTP server.
 */
export async function upload(target: SshTarget, local: string, remote: string, options: TransferOptions = {}) {
  await transfer(target, [resolve(local), `${host(target)}:${remote}`], options, `copy "${local}" into`);
}

/** The same out of the guest. A name is taken as it is: it may hold `*`. */
export async function download(target: SshTarget, remote: string, local: string, options: TransferOptions = {}) {
  const path = remote.replace(/[\\*?[\]{}]/g, "\\$&");
  await transfer(target, [`${host(target)}:${path}`, resolve(local)], options, `copy "${remote}" out of`);
}

const host = ({ host }: SshTarget) => (host.includes(":") ? `[${host}]` : host);

async function transfer(target: SshTarget, paths: readonly string[], options: TransferOptions, doing: string) {
  const { signal, timeoutMs } = options;
  const client = clientArguments(target, { pinned: await isPinned(target.knownHostsFile) });
  const place = ["-o", `User=${target.user}`, "-P", String(target.port)];
  const args = ["-q", "-p", ...client, ...place, "--", ...paths];
  const { exitCode, timedOut, stderr } = await streamProgram("scp", args, { signal, timeoutMs });
  if (exitCode === 0) return;
  if (
    exitCode === 255 &&
    /Host key|Permission denied \(|kex_exchange|onnection (refused|timed out|reset)/.test(stderr)
  ) {
    throw loginFailure(target, stderr);
  }
  if (/not a regular file/.test(stderr)) throw isFolder(doing, target);
  const why = timedOut
    ? "it took too long"
    : lastLines(stderr.replaceAll("\r", ""), 3).join("\n").trim() || `scp ended with ${exitCode}`;
  const code = lacksServer(stderr) ? "E_GUEST_NO_SFTP" : "E_GUEST_COPY";
  throw new GuestkitError(code, `Cannot ${doing} "${target.name}": ${why}`);
}

const isFolder = (doing: string, { name }: SshTarget) =>
  new GuestkitError("E_GUEST_COPY", `Cannot ${doing} "${name}": it is a folder`, {
    help: "Say that folders are meant: --recursive",
  });

/** OpenSSH's words where the server knows no such subsystem, or cannot start it. */
const lacksServer = (said: string): boolean =>
  /subsystem request failed|(?:^|\/)scp: Connection closed|Received message too long/m.test(said);
