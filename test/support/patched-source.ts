import type { ByteSource } from "../../core/source/source.ts";

/** Bytes that stand at a place instead of those of a disk. */
export interface Patch {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** A disk with some of its bytes changed, in memory alone; later patches lie over earlier ones. Closing it leaves the disk open. */
export function patchedSource(source: ByteSource, patches: readonly Patch[]): ByteSource {
  const { name, size } = source;
  return {
    ...{ name, size },
    read: async (offset, length, signal) => {
      const read = await source.read(offset, length, signal);
      const near = patches.filter((each) => each.offset < offset + length && offset < each.offset + each.bytes.length);
      if (near.length === 0) return read;
      const bytes = read.slice();
      for (const patch of near) {
        const from = Math.max(0, offset - patch.offset);
        const to = Math.min(patch.bytes.length, offset + length - patch.offset);
        bytes.set(patch.bytes.subarray(from, to), patch.offset + from - offset);
      }
      return bytes;
    },
    [Symbol.asyncDispose]: async () => {},
  };
}
