import { type ByteSource, checkBounds, readInto } from "../source/source.ts";

/** Blocks that stand in place of those of a device: what a journal holds of them. */
export interface Replacement {
  readonly size: number;
  has(block: number): boolean;
  /** A whole block, which must not be changed. */
  read(block: number, signal?: AbortSignal): Uint8Array | Promise<Uint8Array>;
}

/** The bytes of `parent` with other blocks in the place of some. */
export function overlaySource(parent: ByteSource, blockSize: number, blocks: Replacement): ByteSource {
  if (blocks.size === 0) return parent;
  /** Bytes before the first of them. */
  const untilAny = (offset: number, length: number) => {
    const last = Math.floor((offset + length - 1) / blockSize);
    for (let block = Math.floor(offset / blockSize); block <= last; block++) {
      if (blocks.has(block)) return Math.max(0, block * blockSize - offset);
    }
    return length;
  };
  const anyIn = (offset: number, length: number) => untilAny(offset, length) < length;
  const lay = async (offset: number, target: Uint8Array, signal?: AbortSignal) => {
    const end = offset + target.length;
    for (let block = Math.floor(offset / blockSize); block * blockSize < end; block++) {
      if (!blocks.has(block)) continue;
      const bytes = await blocks.read(block, signal);
      const from = Math.max(0, offset - block * blockSize);
      const to = Math.min(blockSize, end - block * blockSize);
      target.set(bytes.subarray(from, to), block * blockSize + from - offset);
    }
  };
  const { peek, stored } = parent;
  return {
    name: parent.name,
    size: parent.size,
    read: async (offset, length, signal) => {
      checkBounds(parent, offset, length);
      if (!anyIn(offset, length)) return parent.read(offset, length, signal);
      const result = (await parent.read(offset, length, signal)).slice();
      await lay(offset, result, signal);
      return result;
    },
    readInto: async (offset, target, signal) => {
      await readInto(parent, offset, target, signal);
      await lay(offset, target, signal);
    },
    ...(peek && {
      peek: (offset: number, length: number) => (anyIn(offset, length) ? undefined : peek.call(parent, offset, length)),
    }),
    ...(stored && {
      stored: (offset: number, length: number) => {
        const most = untilAny(offset, length);
        return most === 0 ? null : stored.call(parent, offset, most);
      },
    }),
    [Symbol.asyncDispose]: () => parent[Symbol.asyncDispose](),
  };
}
