import type { GuestkitError } from "../../kit/errors.ts";
import type { ByteSource } from "../../source/source.ts";
import { type Fault, hex } from "../fault.ts";
import type { Device } from "../mapped.ts";
import { checksumOf } from "./checksum.ts";
import { fault } from "./fault.ts";
import { BASIC_BLOCK, type SelfDescription } from "./layout.ts";
import type { Superblock } from "./superblock.ts";
import { readWide, viewOf } from "./wide.ts";

/** Blocks read in one piece, and where the first of them stands. */
export interface Piece {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Bytes from the file system's start. */
  readonly offset: number;
}

/** Whose a block is to be, and what errors call it. */
export interface Expected {
  readonly owner: number;
  readonly thing: string;
}

type Replayed = (offset: number, length: number) => boolean;

/**
 * What every reader of this file system needs: the bytes as they are after log recovery, and the superblock. Blocks are
 * numbered here from the file system's start on; on disk the number of their group stands above that within it.
 */
export class Volume {
  readonly source: ByteSource;
  readonly sb: Superblock;
  readonly device: Device;
  readonly isReplayed: Replayed;
  /** First block of a group that may belong to a file: its headers take four sectors. */
  readonly #firstFree: number;
  readonly #log: { readonly start: number; readonly end: number };

  /** `replayed`: whether any of those bytes came from the log, whose records have checksums of their own. */
  constructor(source: ByteSource, sb: Superblock, replayed: Replayed = () => false) {
    this.isReplayed = replayed;
    const { sb_logstart, sb_logblocks, sb_sectsize } = sb.raw;
    this.source = source;
    this.sb = sb;
    this.device = { source, blockSize: sb.blockSize };
    this.#firstFree = Math.floor((3 * sb_sectsize) / sb.blockSize) + 1;
    const start = sb_logstart === 0 ? -1 : this.block(sb_logstart);
    this.#log = { start, end: start < 0 ? start : start + sb_logblocks };
  }

  /** A block's number from the file system's start, by its number on disk. */
  block(stored: number): number {
    const { agStride, agBlocks } = this.sb;
    const group = Math.floor(stored / agStride);
    return group * agBlocks + (stored - group * agStride);
  }

  /** Blocks of a group. */
  groupLength(group: number): number {
    const { agCount, agBlocks, blocks } = this.sb;
    return group === agCount - 1 ? blocks - group * agBlocks : agBlocks;
  }

  /** Whether `count` blocks from `stored` on (as on disk) lie in one group and may belong to a file. */
  holds(stored: number, count: number): boolean {
    const first = this.block(stored);
    return this.#inGroup(stored, count) && (first >= this.#log.end || first + count <= this.#log.start);
  }

  /** Whether the log may lie there. */
  holdsLog(stored: number, count: number): boolean {
    return count > 0 && this.#inGroup(stored, count);
  }

  #inGroup(stored: number, count: number): boolean {
    const { agStride, agCount } = this.sb;
    const group = Math.floor(stored / agStride);
    const within = stored - group * agStride;
    return group < agCount && within >= this.#firstFree && within + count <= this.groupLength(group);
  }

  /** Whether an inode may have that number. */
  holdsInode(number: number): boolean {
    const { inodesPerBlock } = this.sb;
    return Number.isSafeInteger(number) && number > 0 && this.holds(Math.floor(number / inodesPerBlock), 1);
  }

  /** `count` blocks in one piece, at once where they are in memory. */
  read(block: number, count: number): Piece | Promise<Piece> {
    const { source } = this;
    const offset = block * this.sb.blockSize;
    const length = count * this.sb.blockSize;
    const bytes = source.peek?.(offset, length);
    return bytes ? piece(bytes, offset) : source.read(offset, length).then((read) => piece(read, offset));
  }

  /**
   * Checks what a block of version 5 says of itself; of version 4 nothing. `length` is the bytes its checksum covers.
   * Throws `E_XFS_CHECKSUM`, and `E_XFS_MISPLACED` for a block that is sound and belongs somewhere else.
   */
  verify({ bytes, view, offset }: Piece, self: SelfDescription, { owner, thing }: Expected): void {
    if (!this.sb.v5) return;
    const stored = view.getUint32(self.crc, true);
    const computed = checksumOf(bytes, self.crc);
    if (stored !== computed && !this.isReplayed(offset, bytes.length)) {
      const what = `a block's checksum is ${hex(stored)} and its content's ${hex(computed)}`;
      throw this.fault("E_XFS_CHECKSUM", { thing, what, offset });
    }
    const misplaced = (what: string) => this.fault("E_XFS_MISPLACED", { thing, what, offset });
    const place = readWide(view, self.blkno) * BASIC_BLOCK;
    if (place !== offset) throw misplaced(`a block is meant for ${place}, not where it stands`);
    if (!this.isOurs(view, self.uuid)) throw misplaced("a block belongs to another file system");
    const whose = readWide(view, self.owner);
    if (whose !== owner) throw misplaced(`a block belongs to inode ${whose}`);
  }

  /** Whether the UUID at `at` is the one that this file system gives to its blocks. */
  isOurs(view: DataView, at: number): boolean {
    const [first, second, third, fourth] = this.sb.metaUuid;
    return (
      view.getUint32(at) === first &&
      view.getUint32(at + 4) === second &&
      view.getUint32(at + 8) === third &&
      view.getUint32(at + 12) === fourth
    );
  }

  fault(code: string, what: Fault): GuestkitError {
    return fault(this.source.name, code, what);
  }
}

export function piece(bytes: Uint8Array, offset: number): Piece {
  return { bytes, view: viewOf(bytes), offset };
}
