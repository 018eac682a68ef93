import { crc32c } from "../../kit/checksum.ts";
import { hex } from "../fault.ts";
import type { DirectoryEntry, FileType } from "../filesystem.ts";
import { crc32cOfU32 } from "./checksum.ts";
import type { Inode } from "./inode.ts";
import { DIR_ENTRY_HEADER, DIR_TAIL_SIZE, DIR_TAIL_TYPE } from "./layout.ts";
import type { Volume } from "./volume.ts";

/** Bytes with directory entries: a block of a directory or a part of an inline one. */
export interface EntryBlock {
  readonly view: DataView;
  /** Bytes from the file system's start. */
  readonly offset: number;
}

/** `file_type`; 0 and whatever is unknown says nothing. */
const TYPES: readonly (FileType | null)[] = [null, "file", "directory", "char", "block", "fifo", "socket", "symlink"];
const DOT = 0x2e;
const SLASH = 0x2f;

/**
 * Reads and checks directory blocks of one directory
 * (https://docs.kernel.org/filesystems/ext4/directory.html#linear-classic-directories).
 */
export class DirectoryBlocks {
  readonly #volume: Volume;
  readonly #inode: Inode;
  readonly #typed: boolean;

  constructor(volume: Volume, inode: Inode) {
    this.#volume = volume;
    this.#inode = inode;
    this.#typed = volume.sb.incompat("filetype");
  }

  /** The entries in use, without `.` and `..`; names are views on the block. Throws `E_EXT4_DIRECTORY`. */
  entries(block: EntryBlock, into: DirectoryEntry[]): void {
    const { view } = block;
    this.#walk(block, (at, inode, length) => {
      const name = new Uint8Array(view.buffer, view.byteOffset + at + DIR_ENTRY_HEADER, length);
      const type = this.#typed ? (TYPES[view.getUint8(at + 7)] ?? null) : null;
      into.push({ name, inode, type });
      return false;
    });
  }

  /** The inode that the block has for a name, or 0. */
  find(block: EntryBlock, wanted: Uint8Array): number {
    const { view } = block;
    let found = 0;
    this.#walk(block, (at, inode, length) => {
      if (length !== wanted.length) return false;
      for (let index = 0; index < length; index++) {
        if (view.getUint8(at + DIR_ENTRY_HEADER + index) !== wanted[index]) return false;
      }
      found = inode;
      return true;
    });
    return found;
  }

  /** Hands each entry in use to `visit` until that says true. */
  #walk(block: EntryBlock, visit: (at: number, inode: number, nameLength: number) => boolean): void {
    const { view } = block;
    const end = view.byteLength;
    const { inodesCount } = this.#volume.sb;
    for (let at = 0; at < end; ) {
      if (at + 12 > end) throw this.bad(block, at, "an entry is cut off by the block's end");
      const inode = view.getUint32(at, true);
      const length = this.#recordLength(view.getUint16(at + 4, true));
      const nameLength = this.#typed ? view.getUint8(at + 6) : view.getUint16(at + 6, true);
      const next = at + length;
      if (length < 12 || length % 4 !== 0 || next > end || (next < end && next + 12 > end)) {
        throw this.bad(block, at, `an entry of ${length} bytes`);
      }
      if (nameLength + DIR_ENTRY_HEADER > length) throw this.bad(block, at, `a name of ${nameLength} bytes`);
      if (inode > inodesCount) throw this.bad(block, at, `inode ${inode} of ${inodesCount}`);
      if (inode !== 0 && this.#isName(block, at, nameLength) && visit(at, inode, nameLength)) return;
      at = next;
    }
  }

  /** False for `.` and `..`; throws for what the kernel would not hand out as a name. */
  #isName(block: EntryBlock, at: number, length: number): boolean {
    const { view } = block;
    const start = at + DIR_ENTRY_HEADER;
    if (length === 0) throw this.bad(block, at, "an entry without a name");
    if (length > 255) throw this.bad(block, at, `a name of ${length} bytes`);
    for (let index = start; index < start + length; index++) {
      const byte = view.getUint8(index);
      if (byte === SLASH || byte === 0) throw this.bad(block, at, `a name with a ${byte === 0 ? "NUL" : "slash"}`);
    }
    if (length > 2 || view.getUint8(start) !== DOT) return true;
    return length === 2 && view.getUint8(start + 1) !== DOT;
  }

  /** `rec_len` reaches 65536 with blocks of 64 KiB. */
  #recordLength(stored: number): number {
    const { blockSize } = this.#volume.sb;
    if (blockSize < 65536) return stored;
    if (stored === 0 || stored === 65535) return blockSize;
    return (stored & 65532) | ((stored & 3) << 16);
  }

  /** Whether the block is an index node of a hash tree: to older kernels it looks like one unused entry. */
  isIndex(block: EntryBlock, logical: number): boolean {
    if (!this.#volume.sb.compat("dir_index") || !this.#inode.has("index")) return false;
    if (logical === 0) return true;
    const { view } = block;
    return view.getUint32(0, true) === 0 && this.#recordLength(view.getUint16(4, true)) === view.byteLength;
  }

  /** Checks the checksum in the tail of a block, where the file system has them. Throws `E_EXT4_CHECKSUM`. */
  verify(block: EntryBlock, logical: number): void {
    if (!this.#volume.sb.checksums) return;
    if (this.isIndex(block, logical)) this.#verifyIndex(block);
    else this.#verifyLeaf(block);
  }

  #verifyLeaf(block: EntryBlock): void {
    const { view } = block;
    const tail = view.byteLength - DIR_TAIL_SIZE;
    const empty = view.getUint32(tail, true) === 0 && view.getUint16(tail + 4, true) === DIR_TAIL_SIZE;
    if (!empty || view.getUint16(tail + 6, true) !== DIR_TAIL_TYPE << 8) {
      throw this.bad(block, tail, "the block has no checksum", "E_EXT4_CHECKSUM");
    }
    const computed = crc32c(this.#inode.checksumSeed, bytesOf(block), 0, tail);
    this.#compare(block, tail + 8, computed);
  }

  #verifyIndex(block: EntryBlock): void {
    const { view } = block;
    const start = this.countOffset(block);
    const tail = start + view.getUint16(start, true) * 8;
    const used = start + view.getUint16(start + 2, true) * 8;
    if (tail + 8 > view.byteLength || used > tail) throw this.bad(block, start, "its index has impossible counts");
    const entries = crc32c(this.#inode.checksumSeed, bytesOf(block), 0, used);
    const computed = crc32cOfU32(crc32c(entries, bytesOf(block), tail, tail + 4), 0);
    this.#compare(block, tail + 4, computed);
  }

  #compare(block: EntryBlock, at: number, computed: number): void {
    const stored = block.view.getUint32(at, true);
    if (stored === computed) return;
    const what = `a block's checksum is ${hex(stored)} and its content's ${hex(computed)}`;
    throw this.bad(block, at, what, "E_EXT4_CHECKSUM");
  }

  /** Where an index block's counts stand: behind `.`, `..` and the information in the root. */
  countOffset(block: EntryBlock): number {
    const { view } = block;
    const size = view.byteLength;
    const first = this.#recordLength(view.getUint16(4, true));
    if (first === size) return 8;
    const second = first === 12 ? this.#recordLength(view.getUint16(16, true)) : 0;
    if (second === size - 12 && view.getUint32(24, true) === 0 && view.getUint8(29) === 8) return 32;
    throw this.bad(block, 0, "a block is no root of a hash tree");
  }

  bad(block: EntryBlock, at: number, what: string, code = "E_EXT4_DIRECTORY") {
    return this.#volume.fault(code, {
      thing: `directory inode ${this.#inode.number}`,
      what,
      offset: block.offset + at,
    });
  }
}

function bytesOf({ view }: EntryBlock): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}
