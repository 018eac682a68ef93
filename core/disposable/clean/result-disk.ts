/** What comes out of a guest: a tar archive (ustar) on a raw disk. The guest is hostile: all that is read is bounded. */
import { type FileHandle, open } from "node:fs/promises";
import { atPlace, GuestkitError } from "../../kit/errors.ts";
import { withoutTail } from "../../kit/trim.ts";

export interface ResultLimits {
  /** How many files there may be. */
  readonly files: number;
  /** Bytes of each. */
  readonly fileBytes: number;
}

/** One file of the result. Its name is a key to compare with what was asked for, and never a path. */
export interface ResultFile {
  readonly name: string;
  readonly size: number;
  /** All of it, where it is small. Throws `E_CLEAN_RESULT` for more than `most` bytes. */
  bytes(most: number): Promise<Uint8Array>;
  /** Its bytes from `start` on, as they lie on the disk. */
  stream(start?: number): AsyncGenerator<Uint8Array>;
}

const BLOCK = 512;
const CHUNK = 256 << 10;
/** Empty blocks that an archive may have in its midst: each `tar` ends with two and fills up its record of 20. */
const EMPTY_BLOCKS = 64;
/** Written last: without it the guest did not come to the end. */
export const END = "end";

/** Makes the disk that the result is written to: its size is the bound of what the guest can give. */
export async function makeResultDisk(path: string, bytes: number): Promise<void> {
  const handle = await open(path, "wx", 0o600);
  try {
    await atPlace(path, () => handle.truncate(Math.ceil(bytes / 4096) * 4096));
  } finally {
    await handle.close();
  }
}

/** Opens what a guest wrote, when the guest is gone. */
export async function openResult(path: string, limits: ResultLimits): Promise<Result> {
  const handle = await open(path, "r");
  return new Result(handle, (await handle.stat()).size, limits);
}

export class Result implements AsyncDisposable {
  readonly #handle: FileHandle;
  readonly #size: number;
  readonly #limits: ResultLimits;

  constructor(handle: FileHandle, size: number, limits: ResultLimits) {
    this.#handle = handle;
    this.#size = size;
    this.#limits = limits;
  }

  /**
   * The files in the order they were written. Throws `E_CLEAN_RESULT` where there is anything but regular files with
   * plain names, each once, within the limits and with the end that says that it is whole.
   */
  async *files(): AsyncGenerator<ResultFile> {
    const seen = new Set<string>();
    for (let at = 0; ; ) {
      const head = await this.#head(at);
      const { name, size } = head;
      if (name === END) return;
      if (seen.has(name)) throw bad(`"${name}" is there twice`);
      seen.add(name);
      if (seen.size > this.#limits.files) throw bad(`it has more than ${this.#limits.files} files`);
      if (size > this.#limits.fileBytes) throw bad(`"${name}" has ${size} bytes, more than ${this.#limits.fileBytes}`);
      const start = head.at + BLOCK;
      if (start + size > this.#size) throw bad(`"${name}" ends past the disk's end`);
      yield this.#file(name, start, size);
      at = start + Math.ceil(size / BLOCK) * BLOCK;
    }
  }

  /** The next header that is not empty. */
  async #head(from: number): Promise<{ name: string; size: number; at: number }> {
    for (let at = from; at <= from + EMPTY_BLOCKS * BLOCK && at + BLOCK <= this.#size; at += BLOCK) {
      const block = await this.#read(at, BLOCK);
      if (block.some((byte) => byte !== 0)) return { ...headOf(block), at };
    }
    throw bad("it stops before its end");
  }

  #file(name: string, start: number, size: number): ResultFile {
    const read = (at: number, length: number) => this.#read(at, length);
    return {
      name,
      size,
      bytes: async (most) => {
        if (size > most) throw bad(`"${name}" has ${size} bytes, more than ${most}`);
        return read(start, size);
      },
      stream: async function* (from = 0) {
        for (let at = from; at < size; at += CHUNK) yield await read(start + at, Math.min(CHUNK, size - at));
      },
    };
  }

  async #read(at: number, length: number): Promise<Uint8Array> {
    const bytes = Buffer.alloc(length);
    const { bytesRead } = await this.#handle.read(bytes, 0, length, at);
    if (bytesRead < length) throw bad("it is cut off");
    return bytes;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handle.close();
  }
}

/** A ustar header (IEEE Std 1003.1-2017, pax): name 0..99, size 124..135, checksum 148..155, type 156, prefix 345..499. */
function headOf(block: Uint8Array): { name: string; size: number } {
  const text = (start: number, length: number) => Buffer.from(block.subarray(start, start + length)).toString("latin1");
  if (text(257, 5) !== "ustar" || !sumFits(block, text(148, 8))) throw bad("it is no archive");
  const name = withoutTail(text(0, 100), "\0");
  const plain = /^[a-z0-9][a-z0-9-]{0,31}$/.test(name) && block[345] === 0;
  if (!plain) throw bad("a name in it is not one that was asked for");
  if (!["0", "\0"].includes(text(156, 1))) throw bad(`"${name}" is no regular file`);
  const size = /^([0-7]{11})[\0 ]$/.exec(text(124, 12))?.[1];
  if (size === undefined) throw bad(`the size of "${name}" is no number`);
  return { name, size: Number.parseInt(size, 8) };
}

/** The sum of all bytes, its own field counted as spaces. */
function sumFits(block: Uint8Array, field: string): boolean {
  const sum = block.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
  const told = /^ *([0-7]{1,7})[\0 ]*$/.exec(field)?.[1];
  return told !== undefined && Number.parseInt(told, 8) === sum;
}

export function bad(why: string): GuestkitError {
  return new GuestkitError("E_CLEAN_RESULT", `Cannot take what the machine gave back: ${why}`, {
    help: "Nothing was written. A file that does this to the program that reads it is not to be trusted.",
  });
}
