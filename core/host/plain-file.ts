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
  const found = await openRegular(path, PLAIN);
  if (!found) return null;
  const { handle, stat } = found;
  try {
    if (stat.size > limit) throw tooLarge(path, limit);
    return { bytes: await readBounded(handle, path, limit, tooLarge, stat.size), stat };
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
export async function openPlainFile(path: string, flags = 0): Promise<FileHandle | null> {
  return (await openRegular(path, PLAIN | flags))?.handle ?? null;
}

/** The same for a path that this user names himself: a link at its end is followed. Throws `E_FILE_KIND`. */
export async function openNamedFile(path: string): Promise<FileHandle | null> {
  return (await openRegular(path, PLAIN & ~constants.O_NOFOLLOW))?.handle ?? null;
}

interface Opened {
  readonly handle: FileHandle;
  readonly stat: Stats;
}

async function openRegular(path: string, flags: number): Promise<Opened | null> {
  const handle = await open(path, flags).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT" || cause.code === "ENOTDIR") return null;
    if (cause.code === "ELOOP") throw notPlain(path, "it is a symbolic link", cause);
    if (cause.code === "ENXIO" || cause.code === "ENODEV") throw notPlain(path, "it is no regular file", cause);
    throw cause;
  });
  if (!handle) return null;
  const stat = await handle.stat();
  if (stat.isFile()) return { handle, stat };
  await handle.close();
  throw notPlain(path, stat.isDirectory() ? "it is a directory" : "it is no regular file");
}

/** Bytes of a read where no size is known, and of those behind the first. */
const PIECE = 64 << 10;

/**
 * A file may grow under the look at its size: what is read is bounded all the same. One that is still as long as `size` is
 * read at once. Throws `excess` beyond `limit`.
 */
export async function readBounded(
  handle: FileHandle,
  path: string,
  limit: number,
  excess: (path: string, limit: number) => Error = tooLarge,
  size = 0,
): Promise<Buffer> {
  const pieces: Buffer[] = [];
  // One byte more than there should be shows that there are no more.
  for (let [at, wanted] = [0, size > 0 ? size + 1 : PIECE]; ; wanted = 8 * PIECE) {
    const piece = Buffer.allocUnsafe(Math.min(wanted, limit + 1));
    const { bytesRead } = await handle.read(piece, 0, undefined, at);
    pieces.push(piece.subarray(0, bytesRead));
    at += bytesRead;
    if (at > limit) throw excess(path, limit);
    if (bytesRead === 0 || (at === size && bytesRead < piece.length)) return joined(pieces);
  }
}

const joined = (pieces: readonly Buffer[]): Buffer =>
  pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces);

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
