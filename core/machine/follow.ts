import { type FileHandle, open } from "node:fs/promises";

/** Bytes of one read. */
const CHUNK = 64 << 10;

/**
 * Follows a log file by its path: what is appended, and the whole of a new file where it was replaced or truncated.
 * One that is not there yet is waited for by whoever calls `next`.
 */
export class FileFollower implements AsyncDisposable {
  readonly #path: string;
  #file: FileHandle | null = null;
  #inode = 0;
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
    if ((await this.#file.stat()).size < this.#at) this.#at = 0;
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
    this.#at = 0;
    return true;
  }
}
