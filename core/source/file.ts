import { type FileHandle, open } from "node:fs/promises";
import { GuestkitError } from "../kit/errors.ts";
import { type ByteSource, checkBounds } from "./source.ts";

/** Opens a file (or block device) read-only. Throws `E_SOURCE_OPEN`. */
export async function openFileSource(path: string): Promise<ByteSource> {
  const handle = await openHandle(path);
  try {
    return fileSource(handle, path, await sizeOf(handle, path));
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function openHandle(path: string): Promise<FileHandle> {
  try {
    return await open(path, "r");
  } catch (cause) {
    throw openError(path, cause);
  }
}

function openError(path: string, cause: unknown): GuestkitError {
  const code = (cause as NodeJS.ErrnoException).code;
  const what: Readonly<Record<string, readonly [string, string]>> = {
    ENOENT: ["there is no such file", `Look at what is there: ls -l "${path.replace(/[^/]*$/, "") || "."}"`],
    EACCES: ["permission denied", `Run as its owner, or give yourself access: setfacl -m u:$USER:r "${path}"`],
  };
  const [text, help] = what[code ?? ""] ?? [(cause as Error).message, undefined];
  return new GuestkitError("E_SOURCE_OPEN", `Cannot open "${path}": ${text}`, { cause, help, at: { file: path } });
}

/** Bytes; a block device has its size by seeking, which `stat` does not tell. */
async function sizeOf(handle: FileHandle, path: string): Promise<number> {
  const stat = await handle.stat();
  if (stat.isFile()) return stat.size;
  if (stat.isBlockDevice()) return deviceSize(handle);
  const kind = stat.isDirectory() ? "a directory" : "neither a file nor a block device";
  throw new GuestkitError("E_SOURCE_KIND", `Cannot open "${path}": it is ${kind}`, { at: { file: path } });
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

function fileSource(handle: FileHandle, name: string, size: number): ByteSource {
  return {
    name,
    size,
    read: async (offset, length, signal) => {
      signal?.throwIfAborted();
      checkBounds({ name, size }, offset, length);
      return readFully(handle, name, offset, length);
    },
    [Symbol.asyncDispose]: () => handle.close(),
  };
}

async function readFully(handle: FileHandle, name: string, offset: number, length: number): Promise<Uint8Array> {
  const buffer = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const { bytesRead } = await handle.read(buffer, done, length - done, offset + done);
    if (bytesRead === 0) {
      throw new GuestkitError("E_SOURCE_SHRUNK", `Cannot read "${name}": it became shorter while it was read`, {
        at: { file: name, offset: offset + done },
        help: "Something is writing to it: stop that, or inspect a snapshot.",
      });
    }
    done += bytesRead;
  }
  return buffer;
}
