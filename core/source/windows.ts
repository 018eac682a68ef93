import { type Eventual, whenHere } from "../kit/eventual.ts";
import { type ByteSource, checkBounds, readInto } from "./source.ts";

/**
 * Reads small pieces of a file by the stretch that they lie in. Its memory is used again, as new memory costs more than it
 * takes to read into it: what is given holds until the next piece is asked for, one at a time.
 */
export class Windows {
  readonly #source: ByteSource;
  readonly #length: number;
  readonly #most: number;
  /** By their starts, the one that was asked for longest ago first. */
  readonly #held = new Map<number, Uint8Array>();
  #start = -1;
  #window = new Uint8Array(0);
  #view = new DataView(this.#window.buffer);

  /** @param length bytes of a stretch, which is read at once @param most how many are kept */
  constructor(source: ByteSource, length: number, most: number) {
    this.#source = source;
    this.#length = length;
    this.#most = most;
  }

  /** At once where they were read already, or are read at once. Throws `E_SOURCE_BOUNDS` past the end, and what reading throws. */
  read(offset: number, length: number): Eventual<Uint8Array> {
    checkBounds(this.#source, offset, length);
    const start = offset - (offset % this.#length);
    const inner = offset - start;
    // One that lies across two stretches.
    if (inner + length > this.#length) return this.#source.read(offset, length);
    const found = start === this.#start ? this.#window : (this.#find(start) ?? this.#load(start));
    if (found instanceof Promise) return found.then((window) => window.subarray(inner, inner + length));
    return found.subarray(inner, inner + length);
  }

  /** Where in `view` bytes stand that are of the stretch that was asked for last; -1 for others: chains are followed by them. */
  place(offset: number, length: number): number {
    const inner = offset - this.#start;
    return this.#start >= 0 && inner >= 0 && inner + length <= this.#window.length ? inner : -1;
  }

  /** The stretch that was asked for last. */
  get view(): DataView {
    return this.#view;
  }

  #find(start: number): Uint8Array | undefined {
    const found = this.#held.get(start);
    return found && this.#keep(start, found);
  }

  #keep(start: number, window: Uint8Array): Uint8Array {
    this.#held.delete(start);
    this.#held.set(start, window);
    this.#start = start;
    this.#window = window as Uint8Array<ArrayBuffer>;
    this.#view = new DataView(window.buffer as ArrayBuffer, window.byteOffset, window.length);
    return window;
  }

  #load(start: number): Eventual<Uint8Array> {
    const length = Math.min(this.#length, this.#source.size - start);
    const window = this.#memory().subarray(0, length);
    return whenHere(readInto(this.#source, start, window), () => this.#keep(start, window));
  }

  /** That of the stretch that was asked for longest ago, once there are enough. */
  #memory(): Uint8Array {
    const [oldest] = this.#held.size < this.#most ? [] : this.#held;
    if (!oldest) return new Uint8Array(Math.min(this.#length, this.#source.size));
    this.#held.delete(oldest[0]);
    this.#start = -1;
    return new Uint8Array(oldest[1].buffer);
  }
}
