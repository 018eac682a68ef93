import { whenHere } from "../../kit/eventual.ts";
import { makePieces, type Pieces, type Scratch } from "../pieces.ts";
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
  readonly scratch: Scratch;
  /** Pages that may still be read behind rows: no two rows share one. */
  left: number;
}

/** `local` begins it; the rest lies in a chain of pages from `chain` on, each with the next one's number before its content. Throws `E_SQLITE_OVERFLOW`. */
export function makePayload(reading: Reading, size: number, local: Uint8Array, chain: number): Pieces {
  const { pages, scratch } = reading;
  const room = pages.usable - 4;
  const open = () => {
    let number = chain;
    const content = (page: Uint8Array) => {
      number = (((page[0] ?? 0) << 24) | ((page[1] ?? 0) << 16) | ((page[2] ?? 0) << 8) | (page[3] ?? 0)) >>> 0;
      return page.subarray(4, pages.usable);
    };
    const next = (at: number) => {
      if (number === 0 || reading.left-- <= 0) throw damaged(pages.name, "OVERFLOW", 0, broken(size, at));
      return whenHere(pages.page(number), content);
    };
    const skip = (from: number, wanted: number) => {
      let at = from;
      for (; at + room <= wanted && reading.left > 0; at += room) {
        const after = pages.start(number);
        if (after === undefined) break;
        number = after;
        reading.left--;
      }
      return at;
    };
    return { next, skip };
  };
  return makePieces(size, local, open, scratch);
}

const broken = (size: number, filled: number) => `a row of ${size} bytes breaks off after ${filled}`;
