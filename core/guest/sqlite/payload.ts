import type { Eventual } from "../../kit/eventual.ts";
import { type Chain, ChainedPieces } from "../pieces.ts";
import { damaged } from "./fault.ts";
import type { Pages } from "./pages.ts";

/** Of a leaf's payload of `size` bytes those that stand in the leaf itself (format, section 1.6). */
export function localSize(size: number, usable: number): number {
  if (size <= usable - 35) return size;
  const least = Math.floor(((usable - 12) * 32) / 255) - 23;
  const most = least + ((size - least) % (usable - 4));
  return most <= usable - 35 ? most : least;
}

/** What is read of the rows of one table. */
export interface Reading {
  readonly pages: Pages;
  /** The row's that was asked for last. */
  readonly payload: ChainedPieces;
}

/** Pages behind rows that are read of one table, of the hundred thousands that the largest database of a guest's has. */
const MAX_CHAINED = 1 << 23;

export function readingOf(pages: Pages): Reading {
  return { pages, payload: new ChainedPieces(new Overflow(pages)) };
}

/** The rest of a row's payload: pages, each with the next one's number before its content. Throws `E_SQLITE_OVERFLOW`. */
class Overflow implements Chain {
  readonly #pages: Pages;
  #number = 0;
  /** Pages that may still be read: no two rows share one. */
  #left: number;

  constructor(pages: Pages) {
    this.#pages = pages;
    this.#left = Math.min(pages.count, MAX_CHAINED);
  }

  begin(number: number): void {
    this.#number = number;
  }

  next(at: number): Eventual<Uint8Array> {
    if (this.#number === 0 || this.#left-- <= 0) {
      throw damaged(this.#pages.name, "OVERFLOW", 0, `a row breaks off after ${at} bytes`);
    }
    const page = this.#pages.page(this.#number);
    return page instanceof Promise ? page.then((here) => this.#content(here)) : this.#content(page);
  }

  #content(page: Uint8Array): Uint8Array {
    this.#number = (((page[0] ?? 0) << 24) | ((page[1] ?? 0) << 16) | ((page[2] ?? 0) << 8) | (page[3] ?? 0)) >>> 0;
    return page.subarray(4, this.#pages.usable);
  }

  skip(from: number, wanted: number): number {
    const room = this.#pages.usable - 4;
    let at = from;
    for (; at + room <= wanted && this.#left > 0; at += room) {
      const after = this.#pages.start(this.#number);
      if (after === undefined) break;
      this.#number = after;
      this.#left--;
    }
    return at;
  }
}
