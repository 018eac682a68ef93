import { type Eventual, whenHere } from "../kit/eventual.ts";
import { Ahead } from "./ahead.ts";
import { Slabs } from "./slabs.ts";
import { type ByteSource, checkBounds, readInto } from "./source.ts";

export interface CacheOptions {
  /** Bytes of one page. */
  readonly pageSize?: number;
  /** How many pages are kept. */
  readonly pages?: number;
  /** How many pages are read at once when reads follow one another. */
  readonly ahead?: number;
}

/**
 * A page cache in front of a source: small reads are served from pages, reads of more than a page go through. `readInto`, for what is
 * soon forgotten, leaves no pages: small reads that follow one another are read ahead in a window of memory.
 * Memory is bounded by `pageSize * pages` and that window: what `read` gives is a copy of its own, what `peek` gives is a view that
 * holds some pages more as long as it is kept. A page is loaded once for all who wait for it; one who aborts leaves alone.
 */
export function cachedSource(parent: ByteSource, options: CacheOptions = {}): ByteSource {
  const pages = new PageCache(parent, options);
  const ahead = new Ahead(parent);
  const { pageSize } = pages;
  const peek = (offset: number, length: number) => {
    checkBounds(parent, offset, length);
    return pages.view(offset, length);
  };
  return {
    name: parent.name,
    size: parent.size,
    peek,
    read: async (offset, length, signal) => {
      signal?.throwIfAborted();
      checkBounds(parent, offset, length);
      if (length > pageSize) return parent.read(offset, length, signal);
      return pages.view(offset, length)?.slice() ?? pages.assemble(offset, length, signal);
    },
    readInto: (offset, target, signal) => {
      signal?.throwIfAborted();
      checkBounds(parent, offset, target.length);
      const known = target.length <= pageSize ? pages.known(offset, target.length) : undefined;
      if (!known) return ahead.readInto(offset, target, signal);
      target.set(known);
    },
    ...(parent.extent && { extent: parent.extent.bind(parent) }),
    ...(parent.stored && { stored: parent.stored.bind(parent) }),
    [Symbol.asyncDispose]: () => parent[Symbol.asyncDispose](),
  };
}

class PageCache {
  readonly pageSize: number;
  readonly #parent: ByteSource;
  readonly #ahead: number;
  readonly #slabs: Slabs;
  readonly #loading = new Map<number, Promise<Uint8Array>>();
  #lastMiss = -2;

  constructor(parent: ByteSource, { pageSize = 64 << 10, pages = 256, ahead = 4 }: CacheOptions) {
    this.#parent = parent;
    this.pageSize = pageSize;
    this.#ahead = Math.max(1, Math.min(ahead, pages));
    this.#slabs = new Slabs(pageSize, pages, this.#ahead);
  }

  /** The bytes where one page in memory holds them all. */
  known(offset: number, length: number): Uint8Array | undefined {
    const page = Math.floor(offset / this.pageSize);
    return within(this.#slabs.get(page), offset - page * this.pageSize, length);
  }

  /** The same of a page that is had at once. Where it is not, it is on its way from then on. */
  view(offset: number, length: number): Uint8Array | undefined {
    const page = Math.floor(offset / this.pageSize);
    const start = offset - page * this.pageSize;
    if (start + length > this.pageSize) return undefined;
    const found = this.#slabs.get(page) ?? this.#tryLoad(page);
    return found instanceof Promise ? undefined : within(found, start, length);
  }

  /** At most a page's length, of one page or two. */
  async assemble(offset: number, length: number, signal: AbortSignal | undefined): Promise<Uint8Array> {
    try {
      return await abortable(this.#copy(offset, length), signal);
    } catch {
      signal?.throwIfAborted();
      // What cannot be read may be something else on these pages: ask for these bytes alone, and hear what is said.
      return this.#parent.read(offset, length, signal);
    }
  }

  async #copy(offset: number, length: number): Promise<Uint8Array> {
    const result = new Uint8Array(length);
    for (let done = 0; done < length; ) {
      const page = Math.floor((offset + done) / this.pageSize);
      const start = offset + done - page * this.pageSize;
      const bytes = this.#slabs.get(page) ?? (await this.#load(page));
      const piece = bytes.subarray(start, start + length - done);
      result.set(piece, done);
      done += piece.length;
    }
    return result;
  }

  /** What cannot be read is told when it is read in earnest: it may be something else on the page. */
  #tryLoad(page: number): Eventual<Uint8Array> | undefined {
    try {
      return this.#load(page);
    } catch {
      return undefined;
    }
  }

  #load(page: number): Eventual<Uint8Array> {
    const waiting = this.#loading.get(page);
    if (waiting) return waiting;
    const count = page === this.#lastMiss + 1 ? this.#runLength(page) : 1;
    this.#lastMiss = page + count - 1;
    const whole = this.#read(page, count);
    if (!(whole instanceof Promise)) return whole[0] as Uint8Array;
    for (let index = 0; index < count; index++) this.#expect(page + index, whole, index);
    return this.#loading.get(page) as Promise<Uint8Array>;
  }

  #read(page: number, count: number): Eventual<readonly Uint8Array[]> {
    const start = page * this.pageSize;
    const room = this.#slabs.room(Math.min(count * this.pageSize, this.#parent.size - start));
    return whenHere(readInto(this.#parent, start, room.bytes), () => this.#slabs.keep(room, page));
  }

  /** Pages from `page` on, at most `ahead`, that exist and are neither here nor on their way. */
  #runLength(page: number): number {
    const end = Math.min(page + this.#ahead, Math.ceil(this.#parent.size / this.pageSize));
    let next = page + 1;
    while (next < end && !this.#loading.has(next) && !this.#slabs.get(next)) next++;
    return next - page;
  }

  #expect(page: number, whole: Promise<readonly Uint8Array[]>, index: number): void {
    const part = whole.then((pages) => pages[index] as Uint8Array).finally(() => this.#loading.delete(page));
    // Whoever waits hears of a failure; it may be that nobody does any more.
    part.catch(() => {});
    this.#loading.set(page, part);
  }
}

function within(page: Uint8Array | undefined, start: number, length: number): Uint8Array | undefined {
  return page && start + length <= page.length ? page.subarray(start, start + length) : undefined;
}

/** Gives up waiting when aborted; the work itself goes on for others. */
function abortable<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
