import { bits64, bytes, struct, u8, u16, u32, u64, uuid } from "../../kit/struct.ts";

/**
 * On-disk structures of Virtual PC's disk image, all big-endian.
 * Spec: Virtual Hard Disk Image Format Specification, version 1.0 (October 2006),
 * https://www.microsoft.com/en-us/download/details.aspx?id=23850
 */

/** Of the footer at the end of the file; other kinds than fixed have a copy of it at the start. */
export const footer = struct("vhd.footer", "big", 512, {
  cookie: bytes(0, 8),
  fileFormatVersion: u32(12),
  /** Of the dynamic header; all ones where there is none. */
  dataOffset: bits64(16),
  timeStamp: u32(24),
  creatorApplication: bytes(28, 4),
  originalSize: u64(40),
  currentSize: u64(48),
  cylinders: u16(56),
  heads: u8(58),
  sectorsPerTrack: u8(59),
  diskType: u32(60),
  checksum: u32(64),
  uniqueId: uuid(68),
  savedState: u8(84),
});

export const dynamicHeader = struct("vhd.dynamic", "big", 1024, {
  cookie: bytes(0, 8),
  tableOffset: u64(16),
  headerVersion: u32(24),
  maxTableEntries: u32(28),
  blockSize: u32(32),
  checksum: u32(36),
  parentUniqueId: uuid(40),
  parentTimeStamp: u32(56),
  /** UTF-16, big-endian. */
  parentUnicodeName: bytes(64, 512),
});

/** Eight of them stand in the dynamic header from 576 on. */
export const parentLocator = struct("vhd.locator", "big", 24, {
  platformCode: bytes(0, 4),
  platformDataSpace: u32(4),
  /** Bytes. */
  platformDataLength: u32(8),
  platformDataOffset: u64(16),
});
export const LOCATORS = { offset: 576, count: 8 } as const;

export const COOKIE = "conectix";
export const DYNAMIC_COOKIE = "cxsparse";
export const SECTOR = 512;
export const UNUSED = 0xffffffff;

/** Where the checksums stand in the footer and in the dynamic header. */
export const CHECKSUM_AT = { footer: 64, dynamicHeader: 36 } as const;

export type DiskType = "fixed" | "dynamic" | "differencing";
export const DISK_TYPES: ReadonlyMap<number, DiskType> = new Map([
  [2, "fixed"],
  [3, "dynamic"],
  [4, "differencing"],
]);

export const VERSION = 0x00010000;

export const Limit = {
  maxBlockSize: 256 << 20,
  /** What a path of Windows can have, in UTF-16. */
  maxLocator: 64 << 10,
} as const;
