import { type Binary, writeBinary } from "./binary.ts";
import { BLOCK } from "./header.ts";

/** Takes a piece of an archive, which is its own until what it gives has settled: then the memory is used again. */
export type Sink = (piece: Uint8Array) => void | Promise<void>;

/** Writes `target.length` bytes, those from `done` on of what is packed; at once, or it gives when. */
type Fill = (target: Uint8Array, done: number) => void | Promise<void>;

/** Bytes gathered before they are handed on. */
const PIECE = 512 << 10;
const TEXT = 64 << 10;

/** Gathers an archive in one piece of memory, which is handed on each time that it is full. */
export class Packer {
  readonly #sink: Sink;
  readonly #buffer = new Uint8Array(PIECE);
  #used = 0;

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  /** Makes room for `length` bytes, at most a piece, to be placed at once. Undefined where there is. */
  room(length: number): void | Promise<void> {
    if (this.#used + length > PIECE) return this.flush();
  }

  /** Space for `length` zeroed bytes, for which there must be room: `fill` is called with where they stand. */
  place(length: number, fill: (target: Uint8Array, offset: number) => void): void {
    this.#buffer.fill(0, this.#used, this.#used + length);
    fill(this.#buffer, this.#used);
    this.#used += length;
  }

  async text(text: Binary): Promise<void> {
    for (let at = 0; at < text.length; at += TEXT) {
      const part = text.slice(at, at + TEXT);
      await this.room(part.length);
      this.place(part.length, (target, offset) => writeBinary(part, target, offset));
    }
  }

  /** `length` bytes, which `fill` writes straight into the pieces: as many at a time as there is room for. */
  async content(length: number, fill: Fill): Promise<void> {
    for (let done = 0; done < length; ) {
      const flushing = this.#used === PIECE ? this.flush() : undefined;
      if (flushing) await flushing;
      const target = this.#buffer.subarray(this.#used, this.#used + length - done);
      const filling = fill(target, done);
      if (filling) await filling;
      this.#used += target.length;
      done += target.length;
    }
  }

  /** Zeros up to the next block after `length` bytes: there is room, since a piece is whole blocks. */
  pad(length: number): void {
    const over = length % BLOCK;
    if (over > 0) this.place(BLOCK - over, () => {});
  }

  flush(): void | Promise<void> {
    if (this.#used === 0) return;
    const piece = this.#buffer.subarray(0, this.#used);
    this.#used = 0;
    return this.#sink(piece);
  }
}
