import type { Eventual } from "../kit/eventual.ts";
import { type ByteSource, readInto } from "./source.ts";

/** Bytes that are read at once: the first time that reads follow one another, and at most (it doubles each time). */
const FIRST = 32 << 10;
const MOST = 256 << 10;
/** Reads of more go by themselves: to be copied costs them what a read costs. */
const SMALL = FIRST;
/** How far behind the last one's end a read may begin and follow it still: between files lies what their last blocks lack. */
const GAP = 32 << 10;

/** As the end of a window: none is so short that it lies within. */
const NOTHING = -1;

/**
 * Small reads that follow one another out of a large one: who reads file after file asks for a few KiB each time. There is one
 * window, whose memory is written to again and again: nothing of it is given away. Only one who waits may fill it.
 */
export class Ahead {
  readonly #parent: ByteSource;
  #memory: Uint8Array | undefined;
  /** Which bytes of the parent stand in the memory. */
  #start = 0;
  #end = NOTHING;
  #isFilling = false;
  /** Where the last read ended, and how many bytes are read at once next time. */
  #last = -1;
  #next = FIRST;

  constructor(parent: ByteSource) {
    this.#parent = parent;
  }

  /** As `ByteSource.readInto`; the bounds have been checked. */
  readInto(offset: number, target: Uint8Array, signal: AbortSignal | undefined): Eventual<void> {
    const isNext = this.#last <= offset && offset <= this.#last + GAP;
    this.#last = offset + target.length;
    if (this.#start <= offset && this.#last <= this.#end) return this.#copy(offset, target);
    if (!isNext) this.#next = FIRST;
    if (isNext && target.length <= SMALL && !this.#isFilling) return this.#fill(offset, target, signal);
    return readInto(this.#parent, offset, target, signal);
  }

  #copy(offset: number, target: Uint8Array): void {
    const from = offset - this.#start;
    target.set((this.#memory as Uint8Array).subarray(from, from + target.length));
  }

  #fill(offset: number, target: Uint8Array, signal: AbortSignal | undefined): Eventual<void> {
    this.#memory ??= new Uint8Array(MOST);
    const room = this.#memory.subarray(0, Math.min(this.#next, this.#parent.size - offset));
    this.#next = Math.min(MOST, 2 * this.#next);
    this.#end = NOTHING;
    this.#isFilling = true;
    const filled = () => {
      this.#isFilling = false;
      this.#start = offset;
      this.#end = offset + room.length;
      this.#copy(offset, target);
    };
    // What cannot be read may be something else in the window: ask for these bytes alone, and hear what is said.
    const alone = () => {
      this.#isFilling = false;
      return readInto(this.#parent, offset, target, signal);
    };
    try {
      const filling = readInto(this.#parent, offset, room, signal);
      return filling ? filling.then(filled, alone) : filled();
    } catch {
      return alone();
    }
  }
}
