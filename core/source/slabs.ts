/** Memory for pages that are to be read, all in one. */
export interface Room {
  readonly bytes: Uint8Array;
  readonly slab: Slab;
}

interface Slab {
  readonly bytes: Uint8Array;
  /** Bytes that are given away. */
  used: number;
  readonly pages: number[];
}

interface Page {
  readonly bytes: Uint8Array;
  readonly slab: Slab;
  /** Asked for again since it is here. */
  again: boolean;
}

/** Slabs that a cache is made of, where it has pages enough. */
const SLABS = 32;

/**
 * Pages in memory. They stand in slabs, each taken and given up as one: a page with memory of its own costs more to be
 * allocated and collected than to be read. The oldest slab goes first; what of it was asked for again is taken along
 * (second chance). No slab is written to twice, so that a view stays what it was.
 */
export class Slabs {
  readonly #pageSize: number;
  /** Pages of a slab, and how many slabs there are at most. */
  readonly #slots: number;
  readonly #most: number;
  readonly #slabs: Slab[] = [];
  readonly #pages = new Map<number, Page>();
  #recent: { readonly number: number; readonly page: Page } | undefined;

  /** @param together pages that are read into one slab at most */
  constructor(pageSize: number, pages: number, together: number) {
    this.#pageSize = pageSize;
    // Half of a slab may be taken along from an older one.
    this.#slots = Math.max(Math.min(2 * together, pages), Math.floor(pages / SLABS));
    this.#most = Math.max(1, Math.floor(pages / this.#slots));
  }

  get(number: number): Uint8Array | undefined {
    if (this.#recent?.number === number) return this.#recent.page.bytes;
    const page = this.#pages.get(number);
    if (!page) return undefined;
    page.again = true;
    this.#recent = { number, page };
    return page.bytes;
  }

  /** Memory for `length` bytes, at most for the pages that may be together. */
  room(length: number): Room {
    const last = this.#slabs.at(-1);
    const slab = last && last.used + length <= last.bytes.length ? last : this.#grow(length);
    const bytes = slab.bytes.subarray(slab.used, slab.used + length);
    slab.used += length;
    return { bytes, slab };
  }

  /** What was read into a room, the pages from `first` on. Of a slab that is gone already nothing is kept. */
  keep({ bytes, slab }: Room, first: number): readonly Uint8Array[] {
    const pages: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; at += this.#pageSize) pages.push(bytes.subarray(at, at + this.#pageSize));
    if (this.#slabs.includes(slab)) for (const [index, page] of pages.entries()) this.#set(first + index, page, slab);
    return pages;
  }

  #set(number: number, bytes: Uint8Array, slab: Slab): void {
    this.#pages.set(number, { bytes, slab, again: false });
    slab.pages.push(number);
  }

  /** A slab with room for `length` bytes. */
  #grow(length: number): Slab {
    const slab = { bytes: new Uint8Array(this.#slots * this.#pageSize), used: 0, pages: [] };
    const oldest = this.#slabs.length < this.#most ? undefined : this.#slabs.shift();
    this.#slabs.push(slab);
    if (oldest) this.#leave(oldest, slab, Math.min(slab.bytes.length / 2, slab.bytes.length - length));
    return slab;
  }

  /** At most `room` bytes of the new slab are filled with what is taken along. */
  #leave(old: Slab, slab: Slab, room: number): void {
    this.#recent = undefined;
    for (const number of old.pages) {
      const page = this.#pages.get(number);
      if (page?.slab !== old) continue;
      this.#pages.delete(number);
      if (!page.again || slab.used + page.bytes.length > room) continue;
      const bytes = slab.bytes.subarray(slab.used, slab.used + page.bytes.length);
      bytes.set(page.bytes);
      slab.used += bytes.length;
      this.#set(number, bytes, slab);
    }
  }
}
