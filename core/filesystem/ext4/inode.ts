import { crc32c } from "../../kit/checksum.ts";
import { getU16, getU32 } from "../../kit/unsigned.ts";
import { typeOfMode } from "../file-type.ts";
import type { FileStat, FileType, Timestamp } from "../filesystem.ts";
import { crc32cOfU32 } from "./checksum.ts";
import { GOOD_OLD_INODE_SIZE, I_BLOCK_SIZE, INODE, INODE_FLAG } from "./layout.ts";
import type { Superblock } from "./superblock.ts";

/** An inode as it stands in its table (https://docs.kernel.org/filesystems/ext4/inodes.html); fields are read when asked for. */
export class Inode {
  readonly number: number;
  readonly view: DataView;
  /** Where it starts in `view`. */
  readonly at: number;
  /** Bytes from the file system's start, for errors. */
  readonly offset: number;
  readonly #sb: Superblock;
  /** Bytes of it that its own fields take; what follows are attributes. */
  readonly #end: number;

  constructor(number: number, view: DataView, at: number, offset: number, sb: Superblock) {
    this.number = number;
    this.view = view;
    this.at = at;
    this.offset = offset;
    this.#sb = sb;
    this.#end = GOOD_OLD_INODE_SIZE + this.extraSize;
  }

  u16(field: number): number {
    return getU16(this.view, this.at + field, true);
  }

  u32(field: number): number {
    return getU32(this.view, this.at + field, true);
  }

  /** A view on `length` of its bytes. */
  bytes(start: number, length: number): Uint8Array {
    return new Uint8Array(this.view.buffer, this.view.byteOffset + this.at + start, length);
  }

  get type(): FileType | undefined {
    return typeOfMode(this.u16(INODE.i_mode));
  }

  get links(): number {
    return this.u16(INODE.i_links_count);
  }

  get flags(): number {
    return this.u32(INODE.i_flags);
  }

  has(flag: keyof typeof INODE_FLAG): boolean {
    return (this.flags & INODE_FLAG[flag]) !== 0;
  }

  get generation(): number {
    return this.u32(INODE.i_generation);
  }

  /** Bytes; past 2^53 for damaged inodes. Only large_dir gives directories the upper half. */
  get size(): number {
    const wide = this.type === "file" || this.#sb.incompat("large_dir");
    return this.u32(INODE.i_size_lo) + (wide ? this.u32(INODE.i_size_high) * 0x1_0000_0000 : 0);
  }

  /** `i_block`: the block map's root, a fast link's target, or inline data. */
  get block(): Uint8Array {
    return this.bytes(INODE.i_block, I_BLOCK_SIZE);
  }

  /** Block of the extended attributes, 0 for none. */
  get xattrBlock(): number {
    const high = this.#sb.incompat("64bit") ? this.u16(INODE.l_i_file_acl_high) : 0;
    return this.u32(INODE.i_file_acl_lo) + high * 0x1_0000_0000;
  }

  /** Whether any block is charged to the file besides that of its attributes. */
  get hasBlocks(): boolean {
    const { raw, blockSize } = this.#sb;
    const cluster = this.#sb.roCompat("bigalloc") ? 1024 * 2 ** raw.s_log_cluster_size : blockSize;
    const charged = this.u32(INODE.i_blocks_lo) + this.u16(INODE.l_i_blocks_high) * 0x1_0000_0000;
    return charged - (this.xattrBlock === 0 ? 0 : cluster / 512) > 0;
  }

  /** Bytes past the first 128 that the inode's own fields take. */
  get extraSize(): number {
    return this.#sb.inodeSize > GOOD_OLD_INODE_SIZE ? this.u16(INODE.i_extra_isize) : 0;
  }

  /** Seed of the checksums of whatever belongs to this inode. */
  get checksumSeed(): number {
    return crc32cOfU32(crc32cOfU32(this.#sb.checksumSeed, this.number), this.generation);
  }

  /** Whether a field past the first 128 bytes is there. */
  #covers(field: number, size: number): boolean {
    return field + size <= this.#end;
  }

  /** Stored and computed checksum; only 16 bits of it where the inode has no room for more. */
  checksum(): { stored: number; computed: number } {
    const { inodeSize, checksumSeed } = this.#sb;
    const isWide = this.#covers(INODE.i_checksum_hi, 2);
    const { bytes, view } = scratchOf(SEEDS + inodeSize);
    view.setUint32(0, this.number, true);
    view.setUint32(4, this.generation, true);
    bytes.set(this.bytes(0, inodeSize), SEEDS);
    view.setUint16(SEEDS + INODE.l_i_checksum_lo, 0);
    if (isWide) view.setUint16(SEEDS + INODE.i_checksum_hi, 0);
    const computed = crc32c(checksumSeed, bytes, 0, SEEDS + inodeSize);
    const low = this.u16(INODE.l_i_checksum_lo);
    if (!isWide) return { stored: low, computed: computed & 0xffff };
    return { stored: low + this.u16(INODE.i_checksum_hi) * 0x1_0000, computed };
  }

  /** `extra` holds nanoseconds in its upper 30 bits and the epoch (each 2^32 s) in its lower two. */
  time(field: number, extra: number): Timestamp {
    if (field + 4 > this.#sb.inodeSize) return { seconds: 0, nanoseconds: 0 };
    const seconds = this.view.getInt32(this.at + field, true);
    const more = this.#covers(extra, 4) ? this.u32(extra) : 0;
    return { seconds: seconds + (more & 3) * 0x1_0000_0000, nanoseconds: more >>> 2 };
  }

  /** Those of the time whose field for them is `extra`. */
  nanoseconds(extra: number): number {
    return this.#covers(extra, 4) ? this.u32(extra) >>> 2 : 0;
  }

  stat(type: FileType): FileStat {
    const { i_uid, i_gid, l_i_uid_high, l_i_gid_high } = INODE;
    return {
      inode: this.number,
      type,
      mode: this.u16(INODE.i_mode) & 0o7777,
      uid: this.u16(i_uid) + this.u16(l_i_uid_high) * 0x1_0000,
      gid: this.u16(i_gid) + this.u16(l_i_gid_high) * 0x1_0000,
      size: this.size,
      links: this.links,
      mtime: this.time(INODE.i_mtime, INODE.i_mtime_extra),
      atime: this.time(INODE.i_atime, INODE.i_atime_extra),
      ctime: this.time(INODE.i_ctime, INODE.i_ctime_extra),
      btime: this.#covers(INODE.i_crtime, 8) ? this.time(INODE.i_crtime, INODE.i_crtime_extra) : null,
      device: type === "block" || type === "char" ? this.#device() : null,
    };
  }

  /** The kernel's old (16-bit) or new encoding of a device number. */
  #device(): { major: number; minor: number } {
    const old = this.u32(INODE.i_block);
    if (old !== 0) return { major: (old >>> 8) & 0xff, minor: old & 0xff };
    const wide = this.u32(INODE.i_block + 4);
    return { major: (wide >>> 8) & 0xfff, minor: (wide & 0xff) | ((wide >>> 12) & 0xfff00) };
  }
}

/** Bytes before an inode that belong to its checksum: its number and its generation. */
const SEEDS = 8;
let scratch = new DataView(new ArrayBuffer(0));

/** Where an inode is summed up in one piece, without the checksum in it: to sum its pieces takes twice as long. */
function scratchOf(length: number): { bytes: Uint8Array; view: DataView } {
  if (scratch.byteLength < length) scratch = new DataView(new ArrayBuffer(length));
  return { bytes: new Uint8Array(scratch.buffer), view: scratch };
}
