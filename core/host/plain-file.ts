import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, type Stats } from "node:fs";
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
 * waited for, a device is not read. It is read at once: what guestkit keeps is small, and a call handed to another thread
 * takes ten times as long as the call. Throws `E_FILE_KIND`, `E_FILE_SIZE`, and the system's own errors.
 */
export async function readPlainFile(path: string, limit: number): Promise<PlainFile | null> {
  const fd = openAtOnce(path);
  if (fd === null) return null;
  try {
    const stat = fstatSync(fd);
    demandRegular(path, stat);
    if (stat.size > limit) throw tooLarge(path, limit);
    return { bytes: readAtOnce(fd, path, limit, stat.size), stat };
  } finally {
    closeSync(fd);
  }
}

function openAtOnce(path: string): number | null {
  try {
    return openSync(path, PLAIN);
  } catch (cause) {
    return nothingThere(path, cause as NodeJS.ErrnoException);
  }
}

/** A file may grow under the look at its size: the byte more than there should be tells, and what is read is bounded. */
function readAtOnce(fd: number, path: string, limit: number, size: number): Buffer {
  const pieces: Buffer[] = [];
  for (let [at, wanted] = [0, size + 1]; ; wanted = PIECE) {
    const piece = Buffer.allocUnsafe(wanted);
    const count = readSync(fd, piece, 0, wanted, at);
    pieces.push(piece.subarray(0, count));
    at += count;
    if (at > limit) throw tooLarge(path, limit);
    if (count === 0 || at === size) return joined(pieces);
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
  return await openRegular(path, PLAIN | flags);
}

/** The same for a path that this user names himself: a link at its end is followed. Throws `E_FILE_KIND`. */
export async function openNamedFile(path: string): Promise<FileHandle | null> {
  return await openRegular(path, PLAIN & ~constants.O_NOFOLLOW);
}

async function openRegular(path: string, flags: number): Promise<FileHandle | null> {
  const handle = await open(path, flags).catch((cause: NodeJS.ErrnoException) => nothingThere(path, cause));
  if (!handle) return null;
  try {
    demandRegular(path, await handle.stat());
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Null where a file cannot be opened since there is none. Throws what else is so. */
function nothingThere(path: string, cause: NodeJS.ErrnoException): null {
  if (cause.code === "ENOENT" || cause.code === "ENOTDIR") return null;
  if (cause.code === "ELOOP" && isLink(path)) throw notPlain(path, "it is a symbolic link", cause);
  if (cause.code === "ENXIO" || cause.code === "ENODEV") throw notPlain(path, "it is no regular file", cause);
  throw cause;
}

/** False where links of the folders above lead round in a circle. */
const isLink = (path: string): boolean => {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
};

function demandRegular(path: string, stat: Stats): void {
  if (stat.isFile()) return;
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
