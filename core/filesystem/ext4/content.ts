import { memorySource } from "../../source/memory.ts";
import { type ByteSource, checkBounds, type Extent } from "../../source/source.ts";
import { contentName, MappedSource } from "../mapped.ts";
import { blockMap } from "./block-map.ts";
import { inlineData } from "./inline.ts";
import type { Inode } from "./inode.ts";
import type { Volume } from "./volume.ts";

/** What a file holds, as a source; nothing of it is kept in memory. Throws `E_EXT4_ENCRYPTED`, `E_EXT4_INODE`. */
export function openContent(volume: Volume, inode: Inode): ByteSource {
  refuseEncrypted(volume, inode);
  if (inode.has("inline_data")) return inlineSource(volume, inode, contentName(volume.source, inode.number));
  const map = blockMap(volume, inode);
  if (inode.size > map.limit * volume.sb.blockSize) {
    throw volume.fault("E_EXT4_INODE", {
      thing: `inode ${inode.number}`,
      what: `its size of ${inode.size} bytes is more than can be mapped`,
      offset: inode.offset,
    });
  }
  return new MappedSource(volume.device, map, inode.size, inode.number);
}

/** Throws `E_EXT4_ENCRYPTED`. */
export function refuseEncrypted(volume: Volume, inode: Inode): void {
  if (!inode.has("encrypt")) return;
  throw volume.fault("E_EXT4_ENCRYPTED", {
    thing: `inode ${inode.number}`,
    what: "it is encrypted (fscrypt) and the key is not at hand",
    offset: inode.offset,
    help: "Read it inside the guest, where its key is loaded; the rest of the file system reads as usual.",
  });
}

/** A file whose content stands in its inode: truncated upwards it has zeros behind that, as the kernel has it. */
function inlineSource(volume: Volume, inode: Inode, name: string): ByteSource {
  const data = inlineData(volume, inode);
  const stored = data.subarray(0, Math.min(data.length, inode.size));
  if (inode.size === stored.length) return memorySource(stored, name);
  if (inode.size <= volume.sb.blockSize * 0x1_0000) return new PaddedSource(stored, inode.size, name);
  throw volume.fault("E_EXT4_INODE", {
    thing: `inode ${inode.number}`,
    what: `its size of ${inode.size} bytes is too much for inline data`,
    offset: inode.offset,
  });
}

class PaddedSource implements ByteSource {
  readonly name: string;
  readonly size: number;
  readonly #data: Uint8Array;

  constructor(data: Uint8Array, size: number, name: string) {
    this.name = name;
    this.size = size;
    this.#data = data;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    checkBounds(this, offset, length);
    const result = new Uint8Array(length);
    if (offset < this.#data.length) result.set(this.#data.subarray(offset, offset + length));
    return result;
  }

  async extent(offset: number, length: number): Promise<Extent> {
    checkBounds(this, offset, length);
    const left = this.#data.length - offset;
    return left > 0 ? { length: Math.min(left, length), zero: false } : { length, zero: true };
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}
