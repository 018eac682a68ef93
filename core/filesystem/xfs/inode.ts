import { getU16, getU32 } from "../../kit/unsigned.ts";
import { typeOfMode } from "../file-type.ts";
import type { FileStat, FileType, Timestamp } from "../filesystem.ts";
import { DIFLAG_REALTIME, DIFLAG2, DINODE_SIZE, FORMAT, INODE } from "./layout.ts";
import type { Superblock } from "./superblock.ts";
import { readWide } from "./wide.ts";

/** One of an inode's two forks: how it is kept and the bytes that the inode has for it. */
export interface Fork {
  readonly format: number;
  /** Extents that it says it has. */
  readonly extents: number;
  readonly view: DataView;
  /** Bytes from the file system's start. */
  readonly offset: number;
}

/** An inode as it stands on disk; fields are read when asked for. */
export class Inode {
  readonly number: number;
  readonly view: DataView;
  /** Bytes from the file system's start. */
  readonly offset: number;
  readonly version: number;
  readonly #sb: Superblock;

  /** `view` is the inode's own bytes, all of them. */
  constructor(number: number, view: DataView, offset: number, sb: Superblock) {
    this.number = number;
    this.view = view;
    this.offset = offset;
    this.version = view.getUint8(INODE.di_version);
    this.#sb = sb;
  }

  u16(field: number): number {
    return getU16(this.view, field);
  }

  u32(field: number): number {
    return getU32(this.view, field);
  }

  get type(): FileType | undefined {
    return typeOfMode(this.u16(INODE.di_mode));
  }

  /** Version 1 counts them in 16 bits. */
  get links(): number {
    return this.version === 1 ? this.u16(INODE.di_onlink) : this.u32(INODE.di_nlink);
  }

  /** Bytes; past 2^53 for damaged inodes. */
  get size(): number {
    return readWide(this.view, INODE.di_size);
  }

  get isRealtime(): boolean {
    return (this.u16(INODE.di_flags) & DIFLAG_REALTIME) !== 0;
  }

  has(flag: keyof typeof DIFLAG2): boolean {
    return this.version === 3 && (this.u32(INODE.di_flags2 + 4) & DIFLAG2[flag]) !== 0;
  }

  /** Where the forks begin. */
  get #literal(): number {
    return this.version === 3 ? DINODE_SIZE.v3 : DINODE_SIZE.old;
  }

  /** Where the attributes' fork begins; 0 where there is none. */
  get attributesAt(): number {
    const words = this.view.getUint8(INODE.di_forkoff);
    return words === 0 ? 0 : this.#literal + words * 8;
  }

  /** How its data is kept. */
  get format(): number {
    return this.view.getUint8(INODE.di_format);
  }

  get data(): Fork {
    const extents = this.has("nrext64") ? readWide(this.view, INODE.di_big_nextents) : this.u32(INODE.di_nextents);
    const end = this.attributesAt || this.#sb.inodeSize;
    return this.#fork(this.format, extents, this.#literal, end);
  }

  /** Null where it has none. */
  get attributes(): Fork | null {
    const start = this.attributesAt;
    if (start === 0) return null;
    const extents = this.has("nrext64") ? this.u32(INODE.di_big_anextents) : this.u16(INODE.di_anextents);
    return this.#fork(this.view.getUint8(INODE.di_aformat), extents, start, this.#sb.inodeSize);
  }

  #fork(format: number, extents: number, start: number, end: number): Fork {
    const view = new DataView(this.view.buffer, this.view.byteOffset + start, end - start);
    return { format, extents, view, offset: this.offset + start };
  }

  time(field: number): Timestamp {
    if (this.has("bigtime")) return bigtime(this.u32(field), this.u32(field + 4));
    return { seconds: this.view.getInt32(field), nanoseconds: this.u32(field + 4) };
  }

  stat(type: FileType): FileStat {
    return {
      inode: this.number,
      type,
      mode: this.u16(INODE.di_mode) & 0o7777,
      uid: this.u32(INODE.di_uid),
      gid: this.u32(INODE.di_gid),
      size: this.size,
      links: this.links,
      mtime: this.time(INODE.di_mtime),
      atime: this.time(INODE.di_atime),
      ctime: this.time(INODE.di_ctime),
      btime: this.version === 3 ? this.time(INODE.di_crtime) : null,
      device: type === "block" || type === "char" ? this.#device() : null,
    };
  }

  /** 14 bits and 18 (the kernel's sysv_major and sysv_minor). */
  #device(): { major: number; minor: number } {
    const { view, format } = this.data;
    const stored = format === FORMAT.dev ? view.getUint32(0) : 0;
    return { major: stored >>> 18, minor: stored & 0x3ffff };
  }
}

const SECOND = 1e9;
const HALF = 0x1_0000;

/** Nanoseconds since 2^31 s before the epoch, divided in pieces that numbers hold. */
function bigtime(high: number, low: number): Timestamp {
  const first = Math.floor(high / SECOND);
  const middle = (high - first * SECOND) * HALF + (low >>> 16);
  const second = Math.floor(middle / SECOND);
  const last = (middle - second * SECOND) * HALF + (low & 0xffff);
  const third = Math.floor(last / SECOND);
  const seconds = first * HALF * HALF + second * HALF + third;
  return { seconds: seconds - 2 ** 31, nanoseconds: last - third * SECOND };
}
