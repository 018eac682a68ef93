import type { Replacement } from "../overlay.ts";
import type { Volume } from "./volume.ts";

/** Bytes of changed blocks that are kept. */
const MOST = 128 << 20;

/** Blocks as they are after replay: read when first changed, and kept. */
export class LogPages implements Replacement {
  readonly #volume: Volume;
  readonly #pages = new Map<number, Uint8Array>();

  constructor(volume: Volume) {
    this.#volume = volume;
  }

  get size(): number {
    return this.#pages.size;
  }

  has(block: number): boolean {
    return this.#pages.has(block);
  }

  read(block: number): Uint8Array {
    return this.#pages.get(block) as Uint8Array;
  }

  /** Whether any byte of that was replayed. */
  covers(offset: number, length: number): boolean {
    const { blockSize } = this.#volume.sb;
    const end = offset + length;
    for (let block = Math.floor(offset / blockSize); block * blockSize < end; block++) if (this.has(block)) return true;
    return false;
  }

  /** A copy of the bytes as they are now. */
  async get(offset: number, length: number): Promise<Uint8Array> {
    const bytes = (await this.#volume.source.read(offset, length)).slice();
    for (const [page, from, at, count] of this.#parts(offset, length)) {
      const kept = this.#pages.get(page);
      if (kept) bytes.set(kept.subarray(from, from + count), at);
    }
    return bytes;
  }

  async set(offset: number, bytes: Uint8Array): Promise<void> {
    for (const [page, from, at, count] of this.#parts(offset, bytes.length)) {
      const kept = this.#pages.get(page) ?? (await this.#load(page));
      kept.set(bytes.subarray(at, at + count), from);
    }
  }

  async #load(page: number): Promise<Uint8Array> {
    const { blockSize } = this.#volume.sb;
    if ((this.#pages.size + 1) * blockSize > MOST) {
      throw this.#volume.fault("E_XFS_LOG", {
        thing: "the log",
        what: `more than ${MOST} bytes are to be replayed`,
        offset: page * blockSize,
        help: "Mount it once, so that the kernel writes its log back, and unmount it.",
      });
    }
    const bytes = (await this.#volume.source.read(page * blockSize, blockSize)).slice();
    this.#pages.set(page, bytes);
    return bytes;
  }

  /** Page, where in it, where in what was asked for, and how many bytes. */
  *#parts(offset: number, length: number): Generator<readonly [number, number, number, number]> {
    const { blockSize } = this.#volume.sb;
    for (let at = 0; at < length; ) {
      const page = Math.floor((offset + at) / blockSize);
      const from = offset + at - page * blockSize;
      const count = Math.min(blockSize - from, length - at);
      yield [page, from, at, count];
      at += count;
    }
  }
}
