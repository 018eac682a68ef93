import { type Eventual, whenHere } from "../kit/eventual.ts";
import { type ByteSource, checkBounds, type Extent, readInto, type Stored, zerosFrom } from "../source/source.ts";

/** Blocks of a file that lie together. */
export interface Run {
  /** First block in the file. */
  readonly start: number;
  /** Blocks. */
  readonly length: number;
  /** First block in the file system; -1 where the file reads as zeros (a hole, an uninitialised extent). */
  readonly block: number;
  /** Nothing is allocated there. */
  readonly hole: boolean;
}

/** Where a file's blocks are. Keeps at most one metadata block a level. */
export interface BlockMap {
  /** The run that holds block `logical`, cut to begin there. Throws on damage, with its place. */
  find(logical: number): Run | Promise<Run>;
}

/** What file systems have in common: blocks of one size on one device. */
export interface Device {
  readonly source: ByteSource;
  /** Bytes. */
  readonly blockSize: number;
}

/** What errors call a file's content. */
export function contentName({ name }: ByteSource, inode: number): string {
  return `${name}: inode ${inode}`;
}

/** A file's content by its map; nothing of it is kept in memory. */
export class MappedSource implements ByteSource {
  readonly size: number;
  readonly #device: Device;
  readonly #map: BlockMap;
  readonly #inode: number;

  constructor(device: Device, map: BlockMap, size: number, inode: number) {
    this.#device = device;
    this.#map = map;
    this.size = size;
    this.#inode = inode;
  }

  get name(): string {
    return contentName(this.#device.source, this.#inode);
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

  readInto(offset: number, target: Uint8Array, signal?: AbortSignal): void | Promise<void> {
    signal?.throwIfAborted();
    checkBounds(this, offset, target.length);
    if (target.length === 0) return;
    const run = this.#find(offset);
    if (run instanceof Promise || this.#bytesLeft(run, offset) < target.length) {
      return this.#readRuns(run, offset, target, signal);
    }
    return this.#fill(run, offset, target, signal);
  }

  /** From `first` on, which holds byte `offset`. */
  async #readRuns(first: Run | Promise<Run>, offset: number, target: Uint8Array, signal?: AbortSignal): Promise<void> {
    let found = first;
    for (let done = 0; ; found = this.#find(offset + done)) {
      const run = found instanceof Promise ? await found : found;
      const part = target.subarray(done, done + this.#bytesLeft(run, offset + done));
      const filling = this.#fill(run, offset + done, part, signal);
      if (filling) await filling;
      done += part.length;
      if (done === target.length) return;
    }
  }

  /** `part` lies within the run. */
  #fill(run: Run, offset: number, part: Uint8Array, signal?: AbortSignal): void | Promise<void> {
    if (run.block >= 0) return readInto(this.#device.source, this.#place(run, offset), part, signal);
    part.fill(0);
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

  stored(offset: number, length: number): Eventual<Stored | null> {
    const { source } = this.#device;
    return whenHere(this.#find(offset), (run) => {
      const most = Math.min(length, this.#bytesLeft(run, offset));
      return run.block < 0 ? zerosFrom(most) : (source.stored?.(this.#place(run, offset), most) ?? null);
    });
  }

  #find(offset: number): Run | Promise<Run> {
    return this.#map.find(Math.floor(offset / this.#device.blockSize));
  }

  /** Bytes of the run from `offset` on. */
  #bytesLeft(run: Run, offset: number): number {
    return (run.start + run.length) * this.#device.blockSize - offset;
  }

  #readRun(run: Run, offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array> | Uint8Array {
    if (run.block < 0) return new Uint8Array(length);
    return this.#device.source.read(this.#place(run, offset), length, signal);
  }

  /** Where in the volume the file's byte at `offset` stands. */
  #place(run: Run, offset: number): number {
    return offset + (run.block - run.start) * this.#device.blockSize;
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}
