import { constants, type Stats } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { GuestkitError } from "../kit/errors.ts";

/** A file that lies where somebody else may have laid it: its bytes and whose they are, of one look. */
export interface PlainFile {
  readonly bytes: Buffer;
  readonly stat: Stats;
}

const PLAIN = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW | constants.O_NOCTTY;

/**
 * The bytes of a regular file of at most `limit` bytes; null where there is none. A link is not followed, a FIFO is not
 * waited for, a device is not read. Throws `E_FILE_KIND`, `E_FILE_SIZE`, and the system's own errors.
 */
export async function readPlainFile(path: string, limit: number): Promise<PlainFile | null> {
  const handle = await openPlainFile(path);
  if (!handle) return null;
  try {
    const stat = await handle.stat();
    if (stat.size > limit) throw tooLarge(path, limit);
    return { bytes: await readBounded(handle, path, limit), stat };
  } finally {
    await handle.close();
  }
}

/** Most bytes of a file that guestkit keeps for itself. */
const KEPT = 64 << 20;

/**
 * The text of a file that guestkit itself wrote and keeps: the same, null where there is none.
 * Throws `E_FILE_KIND`, `E_FILE_SIZE`, and the system's own errors.
 */
export async function readKeptText(path: string): Promise<string | null> {
  return (await readPlainFile(path, KEPT))?.bytes.toString("utf8") ?? null;
}

/**
 * The same, open: what is looked at and what is read then are one file, whatever its name becomes meanwhile.
 * Throws `E_FILE_KIND`.
 */
export function openPlainFile(path: string, flags = 0): Promise<FileHandle | null> {
  return openRegular(path, PLAIN | flags);
}

/** The same for a path that this user names himself: a link at its end is followed. Throws `E_FILE_KIND`. */
export function openNamedFile(path: string): Promise<FileHandle | null> {
  return openRegular(path, PLAIN & ~constants.O_NOFOLLOW);
}

async function openRegular(path: string, flags: number): Promise<FileHandle | null> {
  const handle = await open(path, flags).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT" || cause.code === "ENOTDIR") return null;
    if (cause.code === "ELOOP") throw notPlain(path, "it is a symbolic link", cause);
    if (cause.code === "ENXIO" || cause.code === "ENODEV") throw notPlain(path, "it is no regular file", cause);
    throw cause;
  });
  if (!handle) return null;
  const stat = await handle.stat();
  if (stat.isFile()) return handle;
  await handle.close();
  throw notPlain(path, stat.isDirectory() ? "it is a directory" : "it is no regular file");
}

/** Bytes of a first read; a file that has more is read in larger pieces. */
const GROWS = 64 << 10;

/** A file may grow under the look at its size: what is read is bounded all the same. Throws `excess` beyond `limit`. */
export async function readBounded(
  handle: FileHandle,
  path: string,
  limit: number,
  excess: (path: string, limit: number) => Error = tooLarge,
): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for (let size = 0; ; ) {
    const piece = Buffer.allocUnsafe(Math.min(size < GROWS ? GROWS : 8 * GROWS, limit + 1));
    const { buffer, bytesRead } = await handle.read(piece, 0, undefined, size);
    if (bytesRead === 0) return Buffer.concat(pieces);
    size += bytesRead;
    if (size > limit) throw excess(path, limit);
    pieces.push(buffer.subarray(0, bytesRead));
  }
}

function notPlain(path: string, what: string, cause?: unknown): GuestkitError {
  return new GuestkitError("E_FILE_KIND", `Cannot read "${path}": ${what}`, {
    cause,
    at: { file: path },
    help: `Look at it (ls -l "${path}"), and remove it if it is none of yours.`,
  });
}

function tooLarge(path: string, limit: number): GuestkitError {
  return new GuestkitError("E_FILE_SIZE", `Cannot read "${path}": it has more than ${limit} bytes`, {
    at: { file: path },
    help: `Look at it (ls -l "${path}"), and remove it if it is none of yours.`,
  });
}
