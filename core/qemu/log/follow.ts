import { type FileHandle, open } from "node:fs/promises";
import { type LogBase, readBase } from "./log-cut.ts";

/** Bytes of one read. */
const CHUNK = 64 << 10;

/**
 * Follows a log file by its path: what is appended, also where its beginning was cut meanwhile (log-cut.ts), and the whole
 * of a new file where it was replaced or truncated. One that is not there yet is waited for by whoever calls `next`.
 */
export class FileFollower implements AsyncDisposable {
  readonly #path: string;
  #file: FileHandle | null = null;
  #inode = 0;
  #base: LogBase | null = null;
  #at: number;

  /** @param start bytes to leave out of the file that is there now */
  constructor(path: string, start = 0) {
    this.#path = path;
    this.#at = start;
  }

  /** The next bytes; null where there are none yet. */
  async next(): Promise<Uint8Array | null> {
    this.#file ??= await this.#open();
    if (!this.#file) return null;
    await this.#place(this.#file);
    const bytes = Buffer.alloc(CHUNK);
    const { bytesRead } = await this.#file.read(bytes, 0, CHUNK, this.#at);
    this.#at += bytesRead;
    if (bytesRead > 0) return bytes.subarray(0, bytesRead);
    return (await this.#wasReplaced()) ? this.next() : null;
  }

  /** All that is there now. */
  async *available(): AsyncGenerator<Uint8Array> {
    for (let bytes = await this.next(); bytes; bytes = await this.next()) yield bytes;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file?.close();
    this.#file = null;
  }

  /** Keeps the place in the log when its beginning was cut. An empty file is one that is just being cut. */
  async #place(file: FileHandle): Promise<void> {
    const { size } = await file.stat();
    if (size === 0) return;
    const base = await readBase(file);
    const before = this.#base ?? base;
    this.#base = base;
    if (base.cut > before.cut) {
      const read = before.cut + Math.max(0, this.#at - before.mark);
      // What was cut before it could be read is told by the mark.
      this.#at = read < base.cut ? 0 : read - base.cut + base.mark;
    } else if (size < this.#at) {
      this.#at = 0;
    }
  }

  async #open(): Promise<FileHandle | null> {
    const file = await open(this.#path, "r").catch(() => null);
    if (file) this.#inode = (await file.stat()).ino;
    return file;
  }

  async #wasReplaced(): Promise<boolean> {
    const other = await open(this.#path, "r").catch(() => null);
    if (!other) return false;
    const { ino } = await other.stat();
    if (ino === this.#inode) {
      await other.close();
      return false;
    }
    await this.#file?.close();
    this.#file = other;
    this.#inode = ino;
    this.#base = null;
    this.#at = 0;
    return true;
  }
}
