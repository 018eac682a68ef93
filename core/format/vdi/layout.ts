import { guid, struct, u32, u64 } from "../../kit/struct.ts";

/**
 * On-disk structures of VirtualBox's disk image, version 1.1, all little-endian.
 * Spec: VDICore.h, https://github.com/VirtualBox/virtualbox/blob/main/src/VBox/Storage/VDICore.h
 */

export const preHeader = struct("vdi.preheader", "little", 72, { signature: u32(64), version: u32(68) });

export const header = struct("vdi.header", "little", 0x1c8, {
  headerSize: u32(72),
  type: u32(76),
  flags: u32(80),
  /** Of the block map. */
  offBlocks: u32(0x154),
  offData: u32(0x158),
  sectorSize: u32(0x168),
  cbDisk: u64(0x170),
  cbBlock: u32(0x178),
  cbBlockExtra: u32(0x17c),
  cBlocks: u32(0x180),
  uuidCreate: guid(0x188),
  uuidModify: guid(0x198),
  /** Of the parent: its own, and that of its last modification. */
  uuidLinkage: guid(0x1a8),
  uuidParentModify: guid(0x1b8),
});

export const SIGNATURE = 0xbeda107f;
export const VERSION = 0x00010001;

export const IMAGE_TYPES: ReadonlyMap<number, string> = new Map([
  [1, "dynamic"],
  [2, "static"],
  [3, "undo"],
  [4, "differencing"],
]);

/** Entries of the block map that are no block's number: nothing is stored, and it reads as zeros. */
export const Block = { free: 0xffffffff, zero: 0xfffffffe } as const;

export const NO_UUID = "00000000-0000-0000-0000-000000000000";

/** Bytes. VirtualBox writes 1 MiB. */
export const BlockSize = { least: 4096, most: 256 << 20 } as const;
