import { type Binary, writeBinary } from "./binary.ts";
import { BLOCK } from "./header.ts";

/** Takes a piece of an archive, which is its own until what it gives has settled: then the memory is used again. */
export type Sink = (piece: Uint8Array) => void | Promise<void>;

/** Bytes gathered before they are handed on. */
const PIECE = 256 << 10;
/** Pieces from this length on go through without being copied. */
const LARGE = 64 << 10;

/** Gathers small writes into large pieces. */
export class Packer {
  readonly #sink: Sink;
  readonly #buffer = new Uint8Array(PIECE);
  #used = 0;

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  /** Space for `length` zeroed bytes, at most a piece: `fill` is called with where they stand. */
  async place(length: number, fill: (target: Uint8Array, offset: number) => void): Promise<void> {
    if (this.#used + length > PIECE) await this.flush();
    fill(this.#buffer, this.#used);
    this.#used += length;
  }

  async text(text: Binary): Promise<void> {
    for (let at = 0; at < text.length; at += LARGE) {
      const part = text.slice(at, at + LARGE);
      await this.place(part.length, (target, offset) => writeBinary(part, target, offset));
    }
  }

  async bytes(bytes: Uint8Array): Promise<void> {
    if (bytes.length < LARGE) return this.place(bytes.length, (target, offset) => target.set(bytes, offset));
    await this.flush();
    await this.#sink(bytes);
  }

  /** Zeros up to the next block after `length` bytes. */
  async pad(length: number): Promise<void> {
    const over = length % BLOCK;
    if (over > 0) await this.place(BLOCK - over, () => {});
  }

  async flush(): Promise<void> {
    if (this.#used === 0) return;
    const piece = this.#buffer.subarray(0, this.#used);
    this.#used = 0;
    await this.#sink(piece);
    piece.fill(0);
  }
}
