import { type ByteSource, checkBounds } from "../../source/source.ts";
import type { Copy, Replay } from "./journal.ts";
import { JBD2_MAGIC } from "./journal-layout.ts";

/** The bytes of `parent` with the blocks that the journal has newer copies of in their place. */
export function overlaySource(parent: ByteSource, blockSize: number, replay: Replay): ByteSource {
  if (replay.size === 0) return parent;
  const anyIn = (offset: number, length: number) => {
    const last = Math.floor((offset + length - 1) / blockSize);
    for (let block = Math.floor(offset / blockSize); block <= last; block++) if (replay.has(block)) return true;
    return false;
  };
  const { peek } = parent;
  return {
    name: parent.name,
    size: parent.size,
    read: async (offset, length, signal) => {
      checkBounds(parent, offset, length);
      if (!anyIn(offset, length)) return parent.read(offset, length, signal);
      const result = (await parent.read(offset, length, signal)).slice();
      for (let block = Math.floor(offset / blockSize); block * blockSize < offset + length; block++) {
        const copy = replay.get(block);
        if (!copy) continue;
        const bytes = await readCopy(parent, blockSize, copy, signal);
        const from = Math.max(0, offset - block * blockSize);
        const to = Math.min(blockSize, offset + length - block * blockSize);
        result.set(bytes.subarray(from, to), block * blockSize + from - offset);
      }
      return result;
    },
    ...(peek && {
      peek: (offset: number, length: number) => (anyIn(offset, length) ? undefined : peek.call(parent, offset, length)),
    }),
    [Symbol.asyncDispose]: () => parent[Symbol.asyncDispose](),
  };
}

async function readCopy(parent: ByteSource, size: number, copy: Copy, signal?: AbortSignal): Promise<Uint8Array> {
  const bytes = await parent.read(copy.offset, size, signal);
  if (!copy.escaped) return bytes;
  const unescaped = bytes.slice();
  new DataView(unescaped.buffer).setUint32(0, JBD2_MAGIC);
  return unescaped;
}
