import { hex } from "../fault.ts";
import type { DirectoryEntry } from "../filesystem.ts";
import { entryFault, entryOf, isDot, isSame } from "./directory-entry.ts";
import type { Inode } from "./inode.ts";
import { DATA_SELF, DIR_BLOCK, DIR_DATA, DIR_DATA_HEADER, DIR_FREE_TAG } from "./layout.ts";
import type { Piece, Volume } from "./volume.ts";
import { readWide } from "./wide.ts";

/** A block of a directory with entries from `start` to `end`, checked. */
export interface DataBlock extends Piece {
  readonly start: number;
  readonly end: number;
}

/** Reads and checks the blocks with entries of one directory (xfs_dir2_data). */
export class DirectoryBlocks {
  readonly #volume: Volume;
  readonly #inode: Inode;
  readonly #typeSize: number;

  constructor(volume: Volume, inode: Inode) {
    this.#volume = volume;
    this.#inode = inode;
    this.#typeSize = volume.sb.fileTypes ? 1 : 0;
  }

  /** `single`: the directory has one block, whose end holds its hashes as well. */
  check(piece: Piece, single: boolean): DataBlock {
    const { v5 } = this.#volume.sb;
    const { view, bytes } = piece;
    const kind = single ? DIR_BLOCK : DIR_DATA;
    const magic = view.getUint32(0);
    if (magic !== (v5 ? kind.crc : kind.old)) throw this.bad(piece, 0, `a block's magic is ${hex(magic)}`);
    this.#volume.verify(piece, DATA_SELF, { owner: this.#inode.number, thing: this.#thing });
    const start = v5 ? DIR_DATA_HEADER.crc : DIR_DATA_HEADER.old;
    if (!single) return { ...piece, start, end: bytes.length };
    const count = view.getUint32(bytes.length - 8);
    const end = bytes.length - 8 - count * 8;
    if (end < start) throw this.bad(piece, bytes.length - 8, `it says ${count} hashes`);
    return { ...piece, start, end };
  }

  /** The entries in use, without `.` and `..`; names are views on the block. Throws `E_XFS_DIRECTORY`. */
  entries(block: DataBlock, into: DirectoryEntry[]): void {
    const { view, end } = block;
    for (let at = block.start; at < end; ) {
      if (at + 8 > end) throw this.bad(block, at, "an entry is cut off by the block's end");
      if (view.getUint16(at) === DIR_FREE_TAG) {
        at = this.#afterFree(block, at);
        continue;
      }
      const size = this.#size(block, at);
      const entry = this.#entry(block, at, size);
      if (!isDot(entry.name)) into.push(entry);
      at += size;
    }
  }

  /** The inode of the entry at `at` where that bears the name; null where it is another one's. */
  match(block: DataBlock, at: number, wanted: Uint8Array): number | null {
    if (at < block.start || at + 8 > block.end || block.view.getUint16(at) === DIR_FREE_TAG) {
      throw this.bad(block, at, "the hash tree leads to something that is no entry");
    }
    const entry = this.#entry(block, at, this.#size(block, at));
    return isSame(entry.name, wanted) ? entry.inode : null;
  }

  #afterFree(block: DataBlock, at: number): number {
    const length = block.view.getUint16(at + 2);
    const next = at + length;
    if (length === 0 || length % 8 !== 0 || next > block.end) throw this.bad(block, at, `free room of ${length} bytes`);
    this.#checkTag(block, at, next);
    return next;
  }

  /** Number, length, name, type and the entry's own place, rounded up to 8 bytes. */
  #size(block: DataBlock, at: number): number {
    if (at + 11 > block.end) throw this.bad(block, at, "an entry is cut off by the block's end");
    const size = (11 + block.view.getUint8(at + 8) + this.#typeSize + 7) & ~7;
    if (at + size > block.end) throw this.bad(block, at, "an entry is cut off by the block's end");
    return size;
  }

  #entry(block: DataBlock, at: number, size: number): DirectoryEntry {
    const { view } = block;
    const length = view.getUint8(at + 8);
    const name = new Uint8Array(view.buffer, view.byteOffset + at + 9, length);
    const number = readWide(view, at);
    const wrong = entryFault(this.#volume, name, number);
    if (wrong) throw this.bad(block, at, wrong);
    this.#checkTag(block, at, at + size);
    return entryOf(name, number, this.#typeSize === 1 ? view.getUint8(at + 9 + length) : 0);
  }

  /** Whatever stands in a block ends with where it begins. */
  #checkTag(block: DataBlock, at: number, next: number): void {
    const tag = block.view.getUint16(next - 2);
    if (tag !== at) throw this.bad(block, at, `an entry says that it begins at ${tag}`);
  }

  get #thing(): string {
    return `directory inode ${this.#inode.number}`;
  }

  bad(block: Piece, at: number, what: string) {
    return this.#volume.fault("E_XFS_DIRECTORY", { thing: this.#thing, what, offset: block.offset + at });
  }
}
