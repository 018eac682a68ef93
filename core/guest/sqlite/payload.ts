import { damaged } from "./fault.ts";
import type { Pages } from "./pages.ts";

/** The bytes of one row, read only as far as they are asked for. */
export interface Payload {
  readonly size: number;
  /** At least the first `length` bytes, or all. Throws `E_SQLITE_OVERFLOW`. */
  upTo(length: number): Promise<Uint8Array>;
}

/** Of a leaf's payload of `size` bytes those that stand in the leaf itself (format, section 1.6). */
export function localSize(size: number, usable: number): number {
  if (size <= usable - 35) return size;
  const least = Math.floor(((usable - 12) * 32) / 255) - 23;
  const most = least + ((size - least) % (usable - 4));
  return most <= usable - 35 ? most : least;
}

/** `local` begins it; the rest lies in a chain of pages from `next` on, each with the next one's number before its content. */
export function makePayload(pages: Pages, size: number, local: Uint8Array, next: number): Payload {
  let have = local;
  let chain = next;
  let steps = 0;
  const upTo = async (length: number): Promise<Uint8Array> => {
    const wanted = Math.min(length, size);
    if (have.length >= wanted) return have;
    const more = new Uint8Array(wholePages(wanted));
    more.set(have);
    let filled = have.length;
    while (filled < wanted) {
      if (chain === 0 || ++steps > pages.count) throw damaged(pages.name, "OVERFLOW", 0, broken(size, filled));
      const found = pages.page(chain);
      const page = found instanceof Uint8Array ? found : await found;
      const piece = page.subarray(4, Math.min(pages.usable, 4 + size - filled));
      more.set(piece, filled);
      filled += piece.length;
      chain = new DataView(page.buffer, page.byteOffset).getUint32(0);
    }
    have = more.subarray(0, filled);
    return have;
  };
  /** Bytes up to the end of the page in which `wanted` ends. */
  const wholePages = (wanted: number) => {
    const room = pages.usable - 4;
    return Math.min(size, local.length + Math.ceil((wanted - local.length) / room) * room);
  };
  return { size, upTo };
}

const broken = (size: number, filled: number) => `a row of ${size} bytes breaks off after ${filled}`;
