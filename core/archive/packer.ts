import { type Eventual, whenHere } from "../kit/eventual.ts";
import { type Binary, writeBinary } from "./binary.ts";
import { BLOCK } from "./header.ts";

/** Takes a piece of an archive, which is its own until what it gives has settled: then the memory is used again. */
export type Sink = (piece: Uint8Array) => Eventual<void>;

/** Is asked before what was packed goes out: what it throws keeps that back. */
export type Check = () => void;

/** Writes `target.length` bytes, those from `done` on of what is packed; at once, or it gives when. */
type Fill = (target: Uint8Array, done: number) => Eventual<void>;

/** Bytes that are gathered between two checks. */
const HALF = 512 << 10;
/**
 * Bytes that are handed on at once, and that are made before the next: a part of what a pipe holds, so that its reader takes
 * one while the other is made. Whoever fills a pipe at one go sleeps and wakes by turns with its reader, which costs more
 * than all that is copied.
 */
const PIECE = 16 << 10;
/** Bytes of content that are asked for at once: more than are read ahead of small reads, so that they come straight here. */
const READ = 64 << 10;
/** Characters that are placed at once. */
const TEXT = 16 << 10;

/** Gathers an archive in two halves of memory: while one is filled, the other one goes out, piece by piece. */
export class Packer {
  readonly #sink: Sink;
  readonly #check: Check;
  #filling = new Uint8Array(HALF);
  #used = 0;
  /** The half that was checked, how much is in it, and how much of that is out. */
  #going = new Uint8Array(HALF);
  #checked = 0;
  #gone = 0;

  constructor(sink: Sink, check: Check = () => {}) {
    this.#sink = sink;
    this.#check = check;
  }

  /** Makes room for `length` bytes, at most `TEXT`, to be placed at once. Undefined where there is. */
  room(length: number): Eventual<void> {
    if (this.#used + length > HALF) return this.#turn();
    if (this.#gone < this.#checked && this.#gone + PIECE <= this.#used) return this.#pass();
  }

  /** Space for `length` zeroed bytes, for which there must be room: `fill` is called with where they stand. */
  place(length: number, fill: (target: Uint8Array, offset: number) => void): void {
    this.#filling.fill(0, this.#used, this.#used + length);
    fill(this.#filling, this.#used);
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

  /** `length` bytes, which `fill` writes straight into the memory, as many at a time as there is room for. */
  async content(length: number, fill: Fill): Promise<void> {
    for (let done = 0; done < length; ) {
      const making = this.room(1);
      if (making) await making;
      const target = this.#filling.subarray(this.#used, this.#used + Math.min(READ, length - done));
      const filling = fill(target, done);
      if (filling) await filling;
      this.#used += target.length;
      done += target.length;
    }
  }

  /** Zeros up to the next block after `length` bytes: there is room, since a half is whole blocks. */
  pad(length: number): void {
    const over = length % BLOCK;
    if (over > 0) this.place(BLOCK - over, () => {});
  }

  /** Everything is out, at the end. */
  async flush(): Promise<void> {
    await this.#turn();
    await this.#turn();
  }

  /** The half that was filled goes out from now on, when the other one is all out. */
  #turn(): Eventual<void> {
    const passing = this.#pass(Number.POSITIVE_INFINITY);
    return passing ? passing.then(() => this.#swap()) : this.#swap();
  }

  #swap(): void {
    this.#check();
    [this.#filling, this.#going] = [this.#going, this.#filling];
    [this.#checked, this.#gone, this.#used] = [this.#used, 0, 0];
  }

  /** Hands pieces on until as much is out of the one half as is in the other. */
  #pass(upTo = this.#used): Eventual<void> {
    while (this.#gone < this.#checked && Math.min(this.#gone + PIECE, this.#checked) <= upTo) {
      const piece = this.#going.subarray(this.#gone, Math.min(this.#gone + PIECE, this.#checked));
      this.#gone += piece.length;
      const passing = this.#sink(piece);
      if (passing) return passing.then(() => this.#pass(upTo));
    }
  }
}
