import type { Inode } from "./inode.ts";
import { EXT4_XATTR_MAGIC, GOOD_OLD_INODE_SIZE, XATTR_ENTRY_SIZE } from "./layout.ts";
import type { Volume } from "./volume.ts";

/** Where attributes stand: entries from `start` on, values counted from `base`, all before `end` of `bytes`. */
export interface XattrRegion {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly base: number;
  readonly end: number;
  /** What errors call it, and where it begins (bytes from the file system's start). */
  readonly thing: string;
  readonly offset: number;
}

/** ext4_xattr_entry (https://docs.kernel.org/filesystems/ext4/attributes.html). */
export interface XattrEntry {
  readonly index: number;
  readonly name: Uint8Array;
  /** The value where it stands in the region; null where an inode of its own holds it. */
  readonly value: Uint8Array | null;
  readonly valueInode: number;
  readonly valueSize: number;
}

/** The region behind an inode's own fields, or null where it holds no attributes. */
export function inodeRegion(volume: Volume, inode: Inode): XattrRegion | null {
  const { inodeSize } = volume.sb;
  const magicAt = GOOD_OLD_INODE_SIZE + inode.extraSize;
  if (magicAt + 8 > inodeSize || inode.extraSize === 0) return null;
  if (inode.u32(magicAt) !== EXT4_XATTR_MAGIC) return null;
  const start = magicAt + 4;
  const thing = `the extended attributes in inode ${inode.number}`;
  return { bytes: inode.bytes(0, inodeSize), start, base: start, end: inodeSize, thing, offset: inode.offset };
}

/** Entries in their order. Throws `E_EXT4_XATTR`. */
export function xattrEntries(volume: Volume, region: XattrRegion): XattrEntry[] {
  const { bytes, end } = region;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries: XattrEntry[] = [];
  let at = region.start;
  for (; ; at += entryLength(bytes[at] as number)) {
    if (at + 4 > end) throw bad(volume, region, at, "its entries have no end");
    if (view.getUint32(at, true) === 0) break;
    if (at + entryLength(bytes[at] as number) > end) throw bad(volume, region, at, "an entry leaves its room");
    entries.push(entry(volume, region, view, at));
  }
  return entries;
}

function entryLength(nameLength: number): number {
  return (XATTR_ENTRY_SIZE + nameLength + 3) & ~3;
}

function entry(volume: Volume, region: XattrRegion, view: DataView, at: number): XattrEntry {
  const { bytes, base, end } = region;
  const nameStart = at + XATTR_ENTRY_SIZE;
  const name = bytes.subarray(nameStart, nameStart + view.getUint8(at));
  const valueInode = view.getUint32(at + 4, true);
  const valueSize = view.getUint32(at + 8, true);
  const index = view.getUint8(at + 1);
  if (valueInode !== 0) return { index, name, value: null, valueInode, valueSize };
  const start = base + view.getUint16(at + 2, true);
  if (start + valueSize > end || (valueSize > 0 && start < nameStart + name.length)) {
    throw bad(volume, region, at, `a value of ${valueSize} bytes leaves its room`);
  }
  return { index, name, value: bytes.subarray(start, start + valueSize), valueInode, valueSize };
}

function bad(volume: Volume, region: XattrRegion, at: number, what: string) {
  return volume.fault("E_EXT4_XATTR", { thing: region.thing, what, offset: region.offset + at });
}
