import type { ByteSource } from "../../source/source.ts";
import { BASIC_BLOCK } from "./layout.ts";
import { CYCLE_SIZE, MAX_RECORD, recordHeader, XLOG_HEADER_MAGIC } from "./log-layout.ts";
import type { Volume } from "./volume.ts";
import { viewOf } from "./wide.ts";

export type RecordHeader = ReturnType<typeof recordHeader.decode>;

/** A record's header where it stands in the log, in blocks. */
export interface FoundHeader {
  readonly at: number;
  readonly raw: RecordHeader;
}

/** The log as blocks of 512 bytes, which go around its end. */
export class LogBlocks {
  readonly volume: Volume;
  readonly count: number;
  readonly #source: ByteSource;
  readonly #start: number;

  constructor(volume: Volume) {
    const { sb_logstart, sb_logblocks } = volume.sb.raw;
    this.volume = volume;
    this.count = (sb_logblocks * volume.sb.blockSize) / BASIC_BLOCK;
    this.#source = volume.source;
    this.#start = volume.block(sb_logstart) * volume.sb.blockSize;
  }

  /** Bytes from the file system's start. */
  offset(block: number): number {
    return this.#start + block * BASIC_BLOCK;
  }

  /** The block `count` further on. */
  after(block: number, count: number): number {
    return (block + count) % this.count;
  }

  /** Blocks from `from` on to `to`, around the end. */
  distance(from: number, to: number): number {
    return to >= from ? to - from : to + this.count - from;
  }

  async read(block: number, count: number): Promise<Uint8Array> {
    const first = Math.min(count, this.count - block);
    const bytes = await this.#source.read(this.offset(block), first * BASIC_BLOCK);
    if (first === count) return bytes;
    const whole = new Uint8Array(count * BASIC_BLOCK);
    whole.set(bytes);
    whole.set(await this.#source.read(this.#start, (count - first) * BASIC_BLOCK), first * BASIC_BLOCK);
    return whole;
  }

  /** The number of the round in which a block was written. */
  async cycle(block: number): Promise<number> {
    return cycleAt(viewOf(await this.read(block, 1)), 0);
  }

  /** The header that begins at a block, or null. */
  async header(block: number): Promise<FoundHeader | null> {
    const bytes = await this.read(block, 1);
    if (viewOf(bytes).getUint32(0) !== XLOG_HEADER_MAGIC) return null;
    return { at: block, raw: recordHeader.decode(bytes.slice()) };
  }

  /** The last header of `count` blocks before `end`. */
  async headerBefore(end: number, count: number): Promise<FoundHeader | null> {
    for (let done = 0; done < count; ) {
      const length = Math.min(64, count - done);
      const start = this.after(end, this.count - done - length);
      const view = viewOf(await this.read(start, length));
      for (let index = length - 1; index >= 0; index--) {
        if (view.getUint32(index * BASIC_BLOCK) !== XLOG_HEADER_MAGIC) continue;
        return this.header(this.after(start, index));
      }
      done += length;
    }
    return null;
  }

  /** The first header of `count` blocks from `start` on. */
  async headerFrom(start: number, count: number): Promise<FoundHeader | null> {
    for (let done = 0; done < count; ) {
      const length = Math.min(64, count - done);
      const from = this.after(start, done);
      const view = viewOf(await this.read(from, length));
      for (let index = 0; index < length; index++) {
        if (view.getUint32(index * BASIC_BLOCK) === XLOG_HEADER_MAGIC) return this.header(this.after(from, index));
      }
      done += length;
    }
    return null;
  }

  fault(block: number, what: string, code = "E_XFS_LOG") {
    return this.volume.fault(code, { thing: "the log", what, offset: this.offset(block) });
  }
}

/** A record's header has its magic in the place of that number. */
export function cycleAt(view: DataView, at: number): number {
  const word = view.getUint32(at);
  return word === XLOG_HEADER_MAGIC ? view.getUint32(at + 4) : word;
}

/** Blocks of a record's header and those that continue it. */
export function headerBlocks({ h_version, h_size }: RecordHeader): number {
  if ((h_version & 2) === 0 || h_size <= CYCLE_SIZE) return 1;
  return Math.ceil(Math.min(h_size, MAX_RECORD) / CYCLE_SIZE);
}

/** Blocks of a record in all. */
export function recordBlocks(raw: RecordHeader): number {
  return headerBlocks(raw) + Math.ceil(raw.h_len / BASIC_BLOCK);
}
