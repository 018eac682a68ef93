import type { GuestkitError } from "../../kit/errors.ts";
import type { ByteSource } from "../../source/source.ts";
import type { Fault } from "../fault.ts";
import type { Device } from "../mapped.ts";
import { fault } from "./fault.ts";
import type { Superblock } from "./superblock.ts";

/** Blocks that no file may have. */
export interface Reserved {
  /** Whether any of `count` blocks from `block` on is one of them. */
  covers(block: number, count: number): boolean;
}

/** What every reader of this file system needs: the bytes as they are after journal replay, and the superblock. */
export class Volume {
  readonly source: ByteSource;
  readonly sb: Superblock;
  readonly device: Device;
  #system: Reserved | null = null;

  constructor(source: ByteSource, sb: Superblock) {
    this.source = source;
    this.sb = sb;
    this.device = { source, blockSize: sb.blockSize };
  }

  /** Whether `count` blocks from `block` on lie within the file system and past its superblock. */
  holds(block: number, count: number): boolean {
    return block > this.sb.firstDataBlock && block + count <= this.sb.blocksCount;
  }

  /** From now on no file may have its blocks there. */
  reserve(system: Reserved): void {
    this.#system = system;
  }

  /** The same, and none of them is the file system's own. */
  holdsContent(block: number, count: number): boolean {
    return this.holds(block, count) && !this.#system?.covers(block, count);
  }

  /** One block, at once where it is in memory. The caller has checked its number with `holds`. */
  block(block: number): Uint8Array | Promise<Uint8Array> {
    return this.read(block, 1);
  }

  /** `count` blocks in one piece. */
  read(block: number, count: number): Uint8Array | Promise<Uint8Array> {
    const { blockSize } = this.sb;
    const { source } = this;
    return source.peek?.(block * blockSize, count * blockSize) ?? source.read(block * blockSize, count * blockSize);
  }

  fault(code: string, what: Fault): GuestkitError {
    return fault(this.source.name, code, what);
  }
}
