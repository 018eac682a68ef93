import { Lru } from "../kit/lru.ts";
import { type ByteSource, checkBounds } from "./source.ts";

export interface CacheOptions {
  /** Bytes of one page. */
  readonly pageSize?: number;
  /** How many pages are kept. */
  readonly pages?: number;
}

/**
 * A page cache in front of a source: small reads are served from pages, reads of more than a page go through.
 * Memory is bounded by `pageSize * pages`.
 */
export function cachedSource(parent: ByteSource, options: CacheOptions = {}): ByteSource {
  const { pageSize = 64 << 10, pages = 256 } = options;
  const cache = new Lru<number, Uint8Array>(pages);
  const pending = new Map<number, Promise<Uint8Array>>();

  const load = async (page: number, signal?: AbortSignal) => {
    const start = page * pageSize;
    const bytes = await parent.read(start, Math.min(pageSize, parent.size - start), signal);
    cache.set(page, bytes);
    return bytes;
  };
  const pageAt = (page: number, signal?: AbortSignal) => {
    const waiting = pending.get(page);
    if (waiting && !signal) return waiting;
    const loading = load(page, signal).finally(() => pending.delete(page));
    if (!signal) pending.set(page, loading);
    return loading;
  };
  const peek = (offset: number, length: number) => {
    const page = Math.floor(offset / pageSize);
    const bytes = cache.get(page);
    const start = offset - page * pageSize;
    return bytes && start + length <= bytes.length ? bytes.subarray(start, start + length) : undefined;
  };
  const assemble = async (offset: number, length: number, signal?: AbortSignal) => {
    const result = new Uint8Array(length);
    for (let done = 0; done < length; ) {
      const page = Math.floor((offset + done) / pageSize);
      const start = offset + done - page * pageSize;
      const bytes = cache.get(page) ?? (await pageAt(page, signal));
      const piece = bytes.subarray(start, Math.min(bytes.length, start + length - done));
      result.set(piece, done);
      done += piece.length;
    }
    return result;
  };
  return {
    name: parent.name,
    size: parent.size,
    peek,
    read: async (offset, length, signal) => {
      checkBounds(parent, offset, length);
      if (length > pageSize) return parent.read(offset, length, signal);
      return peek(offset, length) ?? assemble(offset, length, signal);
    },
    ...(parent.extent && { extent: parent.extent.bind(parent) }),
    [Symbol.asyncDispose]: () => parent[Symbol.asyncDispose](),
  };
}
