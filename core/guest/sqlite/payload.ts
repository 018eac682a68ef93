import { type Eventual, whenHere } from "../../kit/eventual.ts";
import { damaged } from "./fault.ts";
import type { Pages } from "./pages.ts";

/** The bytes of one row, read only as far as they are asked for; they hold until the next row is. */
export interface Payload {
  readonly size: number;
  /** At least the first `length` bytes, or all. Throws `E_SQLITE_OVERFLOW`. */
  upTo(length: number): Eventual<Uint8Array>;
}

/** Of a leaf's payload of `size` bytes those that stand in the leaf itself (format, section 1.6). */
export function localSize(size: number, usable: number): number {
  if (size <= usable - 35) return size;
  const least = Math.floor(((usable - 12) * 32) / 255) - 23;
  const most = least + ((size - least) % (usable - 4));
  return most <= usable - 35 ? most : least;
}

/** Memory of one row after the other: new memory for each costs more than to fill it. */
export interface Scratch {
  bytes: Uint8Array;
}

/** `local` begins it; the rest lies in a chain of pages from `next` on, each with the next one's number before its content. */
export function makePayload(pages: Pages, size: number, local: Uint8Array, next: number, scratch: Scratch): Payload {
  let have = local;
  let chain = next;
  let steps = 0;
  const upTo = (length: number): Eventual<Uint8Array> => {
    if (have.length >= Math.min(length, size)) return have;
    const more = room(wholePages(Math.min(length, size)));
    return whenHere(fill(more, have.length), () => {
      have = more;
      return have;
    });
  };
  /** With what is here already in front. */
  const room = (length: number): Uint8Array => {
    if (scratch.bytes.length < length) scratch.bytes = new Uint8Array(2 * length);
    const more = scratch.bytes.subarray(0, length);
    if (have.buffer !== more.buffer) more.set(have);
    return more;
  };
  /** From byte `from` on, along the chain; at once as far as its pages are here. */
  const fill = (more: Uint8Array, from: number): Eventual<void> => {
    for (let filled = from; filled < more.length; ) {
      if (chain === 0 || ++steps > pages.count) throw damaged(pages.name, "OVERFLOW", 0, broken(size, filled));
      const [page, at] = [pages.page(chain), filled];
      if (page instanceof Promise) return page.then((here) => fill(more, take(more, at, here)));
      filled = take(more, filled, page);
    }
  };
  const take = (more: Uint8Array, filled: number, page: Uint8Array): number => {
    const piece = page.subarray(4, Math.min(pages.usable, 4 + more.length - filled));
    more.set(piece, filled);
    chain = new DataView(page.buffer, page.byteOffset).getUint32(0);
    return filled + piece.length;
  };
  /** Bytes up to the end of the page in which `wanted` ends. */
  const wholePages = (wanted: number) => {
    const room = pages.usable - 4;
    return Math.min(size, local.length + Math.ceil((wanted - local.length) / room) * room);
  };
  return { size, upTo };
}

const broken = (size: number, filled: number) => `a row of ${size} bytes breaks off after ${filled}`;
