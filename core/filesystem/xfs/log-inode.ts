import { checksumOf } from "./checksum.ts";
import { BASIC_BLOCK, BTREE, DIFLAG2, DINODE_SIZE, EXTENT_SIZE, INODE, XFS_DINODE_MAGIC } from "./layout.ts";
import { ILOG, ILOG_ATTRIBUTES, ILOG_DATA, INODE_FIELDS, INODE_ITEM } from "./log-items.ts";
import type { LogPages } from "./log-pages.ts";
import type { LogItem } from "./log-transactions.ts";
import type { Volume } from "./volume.ts";
import { viewOf } from "./wide.ts";

/** An inode's description: where it belongs, and what of it was changed. */
export interface InodeItem {
  readonly fields: number;
  readonly rdev: number;
  /** The buffer that it is in, and its own place: bytes from the file system's start. */
  readonly buffer: number;
  readonly offset: number;
}

/** Null where it cannot be. */
export function inodeItem({ source, sb }: Volume, description: Uint8Array): InodeItem | null {
  const layout = [INODE_ITEM.wide, INODE_ITEM.packed].find(({ size }) => description.length === size);
  if (!layout) return null;
  const view = viewOf(description);
  const buffer = Number(view.getBigUint64(layout.blkno, true)) * BASIC_BLOCK;
  const within = view.getUint32(layout.boffset, true);
  const length = view.getUint32(layout.len, true) * BASIC_BLOCK;
  const offset = buffer + within;
  if (within + sb.inodeSize > length || offset + sb.inodeSize > source.size || within % sb.inodeSize !== 0) return null;
  return { fields: view.getUint32(INODE_FIELDS, true), rdev: view.getUint32(layout.rdev, true), buffer, offset };
}

/**
 * Lays what was logged of an inode over it. What is wrong with it, or null; an inode that is newer on disk stays.
 */
export async function layInode(
  volume: Volume,
  pages: LogPages,
  item: InodeItem,
  { regions }: LogItem,
  lsn: bigint,
): Promise<string | null> {
  const bytes = await pages.get(item.offset, volume.sb.inodeSize);
  const view = viewOf(bytes);
  const core = regions[1];
  if (view.getUint16(INODE.di_magic) !== XFS_DINODE_MAGIC) return "an inode is to be where none is";
  const size = volume.sb.v5 ? DINODE_SIZE.v3 : INODE.di_next_unlinked;
  if (!core || core.length < size || viewOf(core).getUint16(0, true) !== XFS_DINODE_MAGIC)
    return "an inode has no core";
  if (core[INODE.di_version] !== (volume.sb.v5 ? 3 : 2)) return `an inode is of version ${core[INODE.di_version]}`;
  if (isNewer(view, core, volume.sb.v5, lsn)) return null;
  layCore(view, viewOf(core), volume.sb.v5, lsn);
  if (item.fields & ILOG.dev) view.setUint32(volume.sb.v5 ? DINODE_SIZE.v3 : DINODE_SIZE.old, item.rdev);
  const wrong = layForks(volume, bytes, item.fields, regions);
  if (wrong) return wrong;
  if (volume.sb.v5) view.setUint32(INODE.di_crc, checksumOf(bytes, INODE.di_crc), true);
  await pages.set(item.offset, bytes);
  return null;
}

const FLUSHITER = 30;
const MAX_FLUSHITER = 0xffff;

/** By the number of its last change, or (version 4) by how often it was written. */
function isNewer(disk: DataView, core: Uint8Array, v5: boolean, lsn: bigint): boolean {
  if (v5) {
    const known = disk.getBigUint64(INODE.di_lsn);
    return known !== 0n && known !== 0xffff_ffff_ffff_ffffn && known > lsn;
  }
  const logged = viewOf(core).getUint16(FLUSHITER, true);
  const stored = disk.getUint16(FLUSHITER);
  return logged < stored && !(stored === MAX_FLUSHITER && logged < MAX_FLUSHITER >>> 1);
}

const BYTES = [INODE.di_version, INODE.di_format, INODE.di_forkoff, INODE.di_aformat] as const;
const HALVES = [INODE.di_magic, INODE.di_mode, INODE.di_onlink, 20, 22, INODE.di_anextents, INODE.di_flags] as const;
const WORDS = [INODE.di_uid, INODE.di_gid, INODE.di_nlink, 72, INODE.di_nextents, INODE.di_gen] as const;
const LONGS = [INODE.di_size, 64] as const;
const TIMES = [INODE.di_atime, INODE.di_mtime, INODE.di_ctime] as const;

/** From the order of the machine that logged it to that of disks; the list of deleted inodes is not the log's. */
function layCore(disk: DataView, core: DataView, v5: boolean, lsn: bigint): void {
  for (const at of BYTES) disk.setUint8(at, core.getUint8(at));
  for (const at of HALVES) disk.setUint16(at, core.getUint16(at, true));
  for (const at of WORDS) disk.setUint32(at, core.getUint32(at, true));
  const long = (at: number) => disk.setBigUint64(at, core.getBigUint64(at, true));
  for (const at of LONGS) long(at);
  disk.setUint32(84, 0);
  disk.setUint16(88, 0);
  const big = v5 && (core.getUint32(INODE.di_flags2, true) & DIFLAG2.bigtime) !== 0;
  const pair = (at: number) => {
    disk.setUint32(at, core.getUint32(at, true));
    disk.setUint32(at + 4, core.getUint32(at + 4, true));
  };
  const time = big ? long : pair;
  for (const at of TIMES) time(at);
  if (v5) layNewer(disk, core, lsn, long, time);
  else disk.setBigUint64(INODE.di_big_nextents, 0n);
}

/** What version 3 has besides. */
function layNewer(
  disk: DataView,
  core: DataView,
  lsn: bigint,
  long: (at: number) => void,
  time: (at: number) => void,
): void {
  long(INODE.di_big_nextents);
  long(INODE.di_changecount);
  disk.setBigUint64(INODE.di_lsn, lsn);
  long(INODE.di_flags2);
  disk.setUint32(128, core.getUint32(128, true));
  time(INODE.di_crtime);
  long(INODE.di_ino);
  for (let at = INODE.di_uuid; at < DINODE_SIZE.v3; at++) disk.setUint8(at, core.getUint8(at));
}

function layForks(volume: Volume, bytes: Uint8Array, fields: number, regions: readonly Uint8Array[]): string | null {
  const { v5, inodeSize } = volume.sb;
  const literal = v5 ? DINODE_SIZE.v3 : DINODE_SIZE.old;
  const words = bytes[INODE.di_forkoff] as number;
  const split = words === 0 ? inodeSize : literal + words * 8;
  if (split > inodeSize) return "an inode's attributes begin past its end";
  let next = 2;
  const lay = (logged: number, root: number, start: number, end: number) => {
    if (logged === 0) return null;
    const region = regions[next++];
    if (!region) return "a fork of an inode is missing";
    const fork = bytes.subarray(start, end);
    if (logged & root) return layRoot(fork, region, v5);
    if (region.length > fork.length) return "a fork of an inode is too long";
    fork.set(region);
    return null;
  };
  return (
    lay(fields & ILOG_DATA, ILOG.dbroot, literal, split) ?? lay(fields & ILOG_ATTRIBUTES, ILOG.abroot, split, inodeSize)
  );
}

/** The root of a tree of extents is logged as a block; in its inode it has a header of four bytes. */
function layRoot(fork: Uint8Array, block: Uint8Array, v5: boolean): string | null {
  const header = v5 ? BTREE.sizeCrc : BTREE.size;
  if (block.length < header) return "the root of a tree is cut off";
  const from = viewOf(block);
  const to = viewOf(fork);
  const count = from.getUint16(BTREE.bb_numrecs);
  const logged = Math.floor((block.length - header) / EXTENT_SIZE);
  const room = Math.floor((fork.length - 4) / EXTENT_SIZE);
  if (count > logged || count > room) return `the root of a tree says ${count} entries`;
  to.setUint16(0, from.getUint16(BTREE.bb_level));
  to.setUint16(2, count);
  fork.set(block.subarray(header, header + count * 8), 4);
  fork.set(block.subarray(header + logged * 8, header + logged * 8 + count * 8), 4 + room * 8);
  return null;
}
