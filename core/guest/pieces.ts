import type { Eventual } from "../kit/eventual.ts";
import type { Windows } from "../source/windows.ts";

/** A value that lies in pieces, as databases keep what is longer than a page. */
export interface Pieces {
  /** Bytes. */
  readonly size: number;
  /**
   * Memory in which the bytes from `from` up to `to`, or the value's end, stand at their own places; what else stands in it
   * means nothing. It holds until the next are asked for. Pieces before `from` are passed over: ask in ascending order.
   */
  range(from: number, to: number): Eventual<Uint8Array>;
}

/** What follows the first piece of a value, from a place on that its database has for it. */
export interface Chain {
  /** Stands before the first of them. */
  begin(place: number): void;
  /** The piece before which `at` bytes of the value lie; it holds until the next is asked for. Throws where there is none. */
  next(at: number): Eventual<Uint8Array>;
  /** Passes over pieces that end before `wanted`, as far as that is cheap: how many bytes then lie before the next. */
  skip(at: number, wanted: number): number;
}

const NOTHING = new Uint8Array(0);

/**
 * One value after the other, in the same memory: a value holds until the next is begun. New memory for each costs more than
 * to fill it.
 */
export class ChainedPieces implements Pieces {
  size = 0;
  readonly #chain: Chain;
  #bytes = NOTHING;
  #first = NOTHING;
  #place = 0;
  /** The piece that was read last, and how many bytes of the value lie before it. */
  #piece = NOTHING;
  #start = 0;
  /** What stands in memory. */
  #from = 0;
  #to = 0;

  constructor(chain: Chain) {
    this.#chain = chain;
  }

  /** @param first begins the value, and holds as long as it @param place where what follows `first` begins */
  begin(size: number, first: Uint8Array, place: number): this {
    this.size = size;
    this.#first = first as Uint8Array<ArrayBuffer>;
    this.#place = place;
    this.#again();
    return this;
  }

  /** Also where bytes are asked for that were passed over. */
  #again(): void {
    this.#chain.begin(this.#place);
    this.#piece = this.#first;
    this.#start = this.#from = this.#to = 0;
  }

  range(from: number, to: number): Eventual<Uint8Array> {
    const end = Math.min(to, this.size);
    if (end <= this.#first.length) return this.#first;
    if (from < this.#from) this.#again();
    if (from > this.#to) this.#from = this.#to = from;
    if (end > this.#bytes.length) this.#grow(end);
    return this.#fill(end);
  }

  #fill(end: number): Eventual<Uint8Array> {
    const bytes = this.#bytes;
    while (this.#to < end) {
      const after = this.#start + this.#piece.length;
      if (this.#to < after) {
        const until = Math.min(end, after);
        bytes.set(this.#piece.subarray(this.#to - this.#start, until - this.#start), this.#to);
        this.#to = until;
        continue;
      }
      this.#start = this.#chain.skip(after, this.#to);
      const next = this.#chain.next(this.#start);
      if (next instanceof Promise) return next.then((piece) => this.#goOn(piece, end));
      this.#piece = next as Uint8Array<ArrayBuffer>;
    }
    return bytes;
  }

  #goOn(piece: Uint8Array, end: number): Eventual<Uint8Array> {
    this.#piece = piece as Uint8Array<ArrayBuffer>;
    return this.#fill(end);
  }

  #grow(length: number): void {
    const bytes = new Uint8Array(2 * length);
    bytes.set(this.#bytes.subarray(this.#from, this.#to), this.#from);
    this.#bytes = bytes;
  }
}

/** The same of values that lie in one: of such no more is read than is asked for. */
export class PlacedPieces implements Pieces {
  size = 0;
  readonly #windows: Windows;
  #bytes = NOTHING;
  #place = 0;

  constructor(windows: Windows) {
    this.#windows = windows;
  }

  begin(size: number, place: number): this {
    this.size = size;
    this.#place = place;
    return this;
  }

  range(from: number, to: number): Eventual<Uint8Array> {
    const end = Math.min(to, this.size);
    if (end > this.#bytes.length) this.#bytes = new Uint8Array(2 * end);
    const piece = this.#windows.read(this.#place + from, end - from);
    return piece instanceof Promise ? piece.then((here) => this.#put(here, from)) : this.#put(piece, from);
  }

  #put(piece: Uint8Array, from: number): Uint8Array {
    this.#bytes.set(piece, from);
    return this.#bytes;
  }
}
