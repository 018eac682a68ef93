import { type Eventual, whenHere } from "../kit/eventual.ts";
import { type Binary, writeBinary } from "./binary.ts";
import { BLOCK } from "./header.ts";

/** Takes a piece of an archive, which is its own until what it gives has settled: then the memory is used again. */
export type Sink = (piece: Uint8Array) => Eventual<void>;

/** Writes `target.length` bytes, those from `done` on of what is packed; at once, or it gives when. */
type Fill = (target: Uint8Array, done: number) => Eventual<void>;

/** Bytes gathered before they are handed on. */
const PIECE = 512 << 10;
/** Bytes of content that are asked for at once: as many as a file gives in place. */
const READ = 256 << 10;
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
  room(length: number): Eventual<void> {
    if (this.#used + length > PIECE) return this.flush();
  }

  /** Space for `length` zeroed bytes, for which there must be room: `fill` is called with where they stand. */
  place(length: number, fill: (target: Uint8Array, offset: number) => void): void {
    this.#buffer.fill(0, this.#used, this.#used + length);
    fill(this.#buffer, this.#used);
    this.#used += length;
  }

  text(text: Binary): Eventual<void> {
    if (text.length > TEXT) return this.#parts(text);
    return whenHere(this.room(text.length), () =>
      this.place(text.length, (target, offset) => writeBinary(text, target, offset)),
    );
  }

  async #parts(text: Binary): Promise<void> {
    for (let at = 0; at < text.length; at += TEXT) await this.text(text.slice(at, at + TEXT));
  }

  /** `length` bytes, which `fill` writes straight into the pieces: as many at a time as there is room for. */
  async content(length: number, fill: Fill): Promise<void> {
    for (let done = 0; done < length; ) {
      const flushing = this.#used === PIECE ? this.flush() : undefined;
      if (flushing) await flushing;
      const target = this.#buffer.subarray(this.#used, this.#used + Math.min(READ, length - done));
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

  flush(): Eventual<void> {
    if (this.#used === 0) return;
    const piece = this.#buffer.subarray(0, this.#used);
    this.#used = 0;
    return this.#sink(piece);
  }
}
