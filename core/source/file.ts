import { constants, read, readSync, type Stats } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import { GuestkitError } from "../kit/errors.ts";
import { folderIn } from "../kit/path.ts";
import { reasonOf } from "../kit/system-error.ts";
import { type ByteSource, checkBounds, filling } from "./source.ts";

/** Opens a file (or block device) read-only. Throws `E_SOURCE_OPEN`, `E_SOURCE_KIND`. */
export async function openFileSource(path: string): Promise<ByteSource> {
  const handle = await openHandle(path);
  try {
    return fileSource(handle, path, await lookAt(handle, path));
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** A file that is open already, and stays so: its owner closes it. `name` is what errors call it. Throws `E_SOURCE_KIND`. */
export async function openedSource(handle: FileHandle, name: string): Promise<ByteSource> {
  return { ...fileSource(handle, name, await lookAt(handle, name)), [Symbol.asyncDispose]: async () => {} };
}

/**
 * What is neither file nor block device is not opened to be seen: a watchdog or a tape acts on that, and an image may name
 * one. Without blocking, should it become a FIFO meanwhile. Throws `E_SOURCE_OPEN`, `E_SOURCE_KIND`.
 */
export async function openHandle(path: string): Promise<FileHandle> {
  try {
    demandBytes(await stat(path), path);
    return await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (cause) {
    throw cause instanceof GuestkitError ? cause : openError(path, cause);
  }
}

function openError(path: string, cause: unknown): GuestkitError {
  const code = (cause as NodeJS.ErrnoException).code;
  const what: Readonly<Record<string, readonly [string, string]>> = {
    ENOENT: ["there is no such file", `Look at what is there: ls -l "${folderIn(path)}"`],
    EACCES: ["permission denied", `Run as its owner, or give yourself access: setfacl -m u:$USER:r "${path}"`],
  };
  const [text, help] = what[code ?? ""] ?? [reasonOf(cause), undefined];
  return new GuestkitError("E_SOURCE_OPEN", `Cannot open "${path}": ${text}`, { cause, help, at: { file: path } });
}

/** What an open file is. */
interface Found {
  /** Bytes. */
  readonly size: number;
  /** Tells it from all others that are open. */
  readonly file: string;
}

/** A block device has its size by seeking, which `stat` does not tell. */
async function lookAt(handle: FileHandle, path: string): Promise<Found> {
  const found = await handle.stat();
  demandBytes(found, path);
  const file = `${found.dev}:${found.ino}`;
  return { file, size: found.isFile() ? found.size : await deviceSize(handle) };
}

function demandBytes(found: Stats, path: string): void {
  if (found.isFile() || found.isBlockDevice()) return;
  const kind = found.isDirectory() ? "a directory" : "neither a file nor a block device";
  throw new GuestkitError("E_SOURCE_KIND", `Cannot open "${path}": it is ${kind}`, {
    at: { file: path },
    help: "Name an image file or a block device.",
  });
}

/** The largest readable offset, found by halving: Node has no ioctl. */
async function deviceSize(handle: FileHandle): Promise<number> {
  const probe = new Uint8Array(512);
  const readable = async (sector: number) => (await handle.read(probe, 0, 512, sector * 512)).bytesRead === 512;
  let low = 0;
  let high = 1;
  while (await readable(high - 1)) [low, high] = [high, high * 2];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (await readable(middle - 1)) low = middle;
    else high = middle;
  }
  return low * 512;
}

function fileSource(handle: FileHandle, name: string, { size, file }: Found): ByteSource {
  const fill = (offset: number, target: Uint8Array) => {
    if (handle.fd < 0) throw new GuestkitError("E_SOURCE_CLOSED", `Cannot read "${name}": it is closed`);
    return target.length <= IN_PLACE
      ? readHere(handle.fd, name, offset, target)
      : readElsewhere(handle.fd, name, offset, target);
  };
  const readInto = (offset: number, target: Uint8Array, signal?: AbortSignal) => {
    signal?.throwIfAborted();
    checkBounds({ name, size }, offset, target.length);
    return performance.now() < breatheAt ? fill(offset, target) : breathe(signal).then(() => fill(offset, target));
  };
  return {
    name,
    size,
    ...filling({ name, size }, readInto),
    stored: (offset, length) => ({ length, file, offset }),
    [Symbol.asyncDispose]: () => handle.close(),
  };
}

/** Bytes up to which a read is made in place: the page cache answers sooner than the thread pool is asked (4 to 50 us). */
const IN_PLACE = 256 << 10;
/** Milliseconds of reads in place after which timers, signals and sockets get their turn. */
const BREATH = 10;
let breatheAt = 0;

async function breathe(signal: AbortSignal | undefined): Promise<void> {
  await new Promise((resume) => setImmediate(resume));
  breatheAt = performance.now() + BREATH;
  signal?.throwIfAborted();
}

function readHere(fd: number, name: string, offset: number, target: Uint8Array): void {
  for (let done = 0; done < target.length; ) {
    done += demandSome(name, offset + done, readOnce(fd, name, offset + done, target, done));
  }
}

function readOnce(fd: number, name: string, position: number, target: Uint8Array, done: number): number {
  try {
    return readSync(fd, target, done, target.length - done, position);
  } catch (cause) {
    throw unreadable(name, position, cause);
  }
}

/** On a thread of the pool. */
async function readElsewhere(fd: number, name: string, offset: number, target: Uint8Array): Promise<void> {
  for (let done = 0; done < target.length; ) {
    const position = offset + done;
    const got = await new Promise<number>((resolve, reject) => {
      read(fd, target, done, target.length - done, position, (cause, got) =>
        cause ? reject(unreadable(name, position, cause)) : resolve(got),
      );
    });
    done += demandSome(name, position, got);
  }
}

function unreadable(name: string, offset: number, cause: unknown): GuestkitError {
  const at = { file: name, offset };
  const help = "See what the kernel says of the disk that it lies on: dmesg";
  return new GuestkitError("E_SOURCE_READ", `Cannot read "${name}": ${reasonOf(cause)}`, { cause, at, help });
}

function demandSome(name: string, offset: number, got: number): number {
  if (got > 0) return got;
  throw new GuestkitError("E_SOURCE_SHRUNK", `Cannot read "${name}": it became shorter while it was read`, {
    at: { file: name, offset },
    help: "Something is writing to it: stop that, or inspect a snapshot.",
  });
}
