import type { Budget } from "../kit/budget.ts";
import { type ByteSource, readInto } from "../source/source.ts";

/**
 * The same source, and each read of it counts: what a file system's own structures cost (directories without an index,
 * maps, tables) is known to nobody above them.
 */
export function meteredSource(source: ByteSource, budget: Budget): ByteSource {
  const { name, size, peek, extent, stored } = source;
  return {
    name,
    size,
    ...(peek && {
      peek: (offset: number, length: number) => {
        const bytes = peek.call(source, offset, length);
        if (bytes) budget.read(length);
        return bytes;
      },
    }),
    read: (offset, length, signal) => {
      budget.read(length);
      return source.read(offset, length, signal);
    },
    readInto: (offset, target, signal) => {
      budget.read(target.length);
      return readInto(source, offset, target, signal);
    },
    ...(extent && {
      extent: (offset: number, length: number, signal?: AbortSignal) => {
        budget.read(0);
        return extent.call(source, offset, length, signal);
      },
    }),
    ...(stored && {
      stored: (offset: number, length: number) => {
        budget.read(0);
        return stored.call(source, offset, length);
      },
    }),
    [Symbol.asyncDispose]: () => source[Symbol.asyncDispose](),
  };
}
