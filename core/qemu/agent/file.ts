import { GuestkitError } from "../../kit/errors.ts";
import { execInGuest } from "./exec.ts";
import type { AgentExecute } from "./execute.ts";
import type { AgentOptions } from "./session.ts";

export interface WriteOptions extends AgentOptions {
  /** Goes on at its end in place of making it anew. */
  readonly append?: boolean;
  /**
   * Permissions, set before any of the content is written. The agent by itself gives new files 0666: say 0600 for
   * anything that is not everybody's.
   */
  readonly mode?: number;
}

export type FileContent = string | Uint8Array | AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** Bytes of one message. */
const CHUNK = 256 << 10;

/** The bytes of a file in the guest, as they come; `timeoutMs` is for each part. Ending early closes the file. */
export async function* readGuestFile(
  execute: AgentExecute,
  path: string,
  options: AgentOptions,
): AsyncGenerator<Uint8Array> {
  const handle = await execute("guest-file-open", { path, mode: "rb" }, options);
  try {
    for (;;) {
      const answer = await execute("guest-file-read", { handle, count: CHUNK }, options);
      const bytes = Buffer.from(answer["buf-b64"], "base64");
      if (bytes.length > 0) yield bytes;
      if (answer.eof || bytes.length === 0) return;
    }
  } finally {
    await closeQuietly(execute, handle);
  }
}

/** Writes a file in the guest and flushes it. What fails half way leaves what was written. */
export async function writeGuestFile(
  execute: AgentExecute,
  path: string,
  content: FileContent,
  options: WriteOptions,
): Promise<void> {
  const handle = await execute("guest-file-open", { path, mode: options.append ? "ab" : "wb" }, options);
  try {
    if (options.mode !== undefined) await setMode(execute, path, options.mode, options);
    for await (const part of parts(content)) await writePart(execute, handle, part, options);
    await execute("guest-file-flush", { handle }, options);
  } catch (error) {
    await closeQuietly(execute, handle);
    throw error;
  }
  await execute("guest-file-close", { handle }, options);
}

/** The agent may take less than it was given. */
async function writePart(
  execute: AgentExecute,
  handle: number,
  part: Uint8Array,
  options: AgentOptions,
): Promise<void> {
  for (let at = 0; at < part.length; ) {
    const piece = Buffer.from(part.subarray(at, at + CHUNK)).toString("base64");
    const { count } = await execute("guest-file-write", { handle, "buf-b64": piece }, options);
    if (count <= 0) throw new GuestkitError("E_AGENT_WRITE", "Cannot write a file in the guest: it takes no more");
    at += count;
  }
}

async function setMode(execute: AgentExecute, path: string, mode: number, options: AgentOptions): Promise<void> {
  const args = ["-c", 'exec chmod "$1" "$2"', "sh", mode.toString(8), path];
  const { exitCode, stderr } = await execInGuest(execute, { path: "/bin/sh", args, ...options });
  if (exitCode === 0) return;
  const why = Buffer.from(stderr).toString().trim() || `exit code ${exitCode}`;
  throw new GuestkitError("E_AGENT_WRITE", `Cannot set the mode of "${path}" in the guest: ${why}`);
}

async function closeQuietly(execute: AgentExecute, handle: number): Promise<void> {
  await execute("guest-file-close", { handle }, { timeoutMs: 5000 }).catch(() => {});
}

function parts(content: FileContent): AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
  if (typeof content === "string") return [Buffer.from(content)];
  return content instanceof Uint8Array ? [content] : content;
}
