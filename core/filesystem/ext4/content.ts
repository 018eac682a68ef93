import { memorySource } from "../../source/memory.ts";
import { type ByteSource, checkBounds, type Extent, readInto } from "../../source/source.ts";
import { blockMap } from "./block-map.ts";
import { inlineData } from "./inline.ts";
import type { Inode } from "./inode.ts";
import type { BlockMap, Run } from "./run.ts";
import type { Volume } from "./volume.ts";

/** What a file holds, as a source; nothing of it is kept in memory. Throws `E_EXT4_ENCRYPTED`, `E_EXT4_INODE`. */
export function openContent(volume: Volume, inode: Inode): ByteSource {
  refuseEncrypted(volume, inode);
  const name = `${volume.source.name}: inode ${inode.number}`;
  if (inode.has("inline_data")) return inlineSource(volume, inode, name);
  const map = blockMap(volume, inode);
  if (inode.size > map.limit * volume.sb.blockSize) {
    throw volume.fault("E_EXT4_INODE", {
      thing: `inode ${inode.number}`,
      what: `its size of ${inode.size} bytes is more than can be mapped`,
      offset: inode.offset,
    });
  }
  return new MappedSource(volume, map, inode.size, name);
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

class MappedSource implements ByteSource {
  readonly name: string;
  readonly size: number;
  readonly #volume: Volume;
  readonly #map: BlockMap;

  constructor(volume: Volume, map: BlockMap, size: number, name: string) {
    this.#volume = volume;
    this.#map = map;
    this.size = size;
    this.name = name;
  }

  async read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
    signal?.throwIfAborted();
    checkBounds(this, offset, length);
    if (length === 0) return new Uint8Array(0);
    const run = await this.#find(offset);
    if (this.#bytesLeft(run, offset) >= length) return this.#readRun(run, offset, length, signal);
    const result = new Uint8Array(length);
    await this.readInto(offset, result, signal);
    return result;
  }

  async readInto(offset: number, target: Uint8Array, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    checkBounds(this, offset, target.length);
    for (let done = 0; done < target.length; ) {
      const at = offset + done;
      const run = await this.#find(at);
      const part = target.subarray(done, done + this.#bytesLeft(run, at));
      if (run.block < 0) part.fill(0);
      else await readInto(this.#volume.source, this.#place(run, at), part, signal);
      done += part.length;
    }
  }

  async extent(offset: number, length: number, signal?: AbortSignal): Promise<Extent> {
    signal?.throwIfAborted();
    checkBounds(this, offset, length);
    const first = await this.#find(offset);
    let total = this.#bytesLeft(first, offset);
    while (total < length) {
      const next = await this.#find(offset + total);
      if (next.block < 0 !== first.block < 0) break;
      total += this.#bytesLeft(next, offset + total);
    }
    return { length: Math.min(total, length), zero: first.block < 0 };
  }

  #find(offset: number): Run | Promise<Run> {
    return this.#map.find(Math.floor(offset / this.#volume.sb.blockSize));
  }

  /** Bytes of the run from `offset` on. */
  #bytesLeft(run: Run, offset: number): number {
    return (run.start + run.length) * this.#volume.sb.blockSize - offset;
  }

  #readRun(run: Run, offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array> | Uint8Array {
    if (run.block < 0) return new Uint8Array(length);
    return this.#volume.source.read(this.#place(run, offset), length, signal);
  }

  /** Where in the volume the file's byte at `offset` stands. */
  #place(run: Run, offset: number): number {
    return offset + (run.block - run.start) * this.#volume.sb.blockSize;
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}
