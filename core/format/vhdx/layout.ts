import { bits64, bytes, guid, struct, u16, u32, u64 } from "../../kit/struct.ts";

/**
 * On-disk structures of Hyper-V's disk image, all little-endian.
 * Spec: [MS-VHDX] Virtual Hard Disk v2 (VHDX) File Format,
 * https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-vhdx/
 */

/** The first of them holds headers and tables, and nothing else. */
export const MIB = 1 << 20;
const KIB = 1 << 10;

/** Where the two headers and the two region tables stand. */
export const HEADERS = [64 * KIB, 128 * KIB] as const;
export const REGION_TABLES = [192 * KIB, 256 * KIB] as const;
/** Of a region table, and of the metadata table: the rest of the metadata region holds what its entries name. */
export const TABLE_SIZE = 64 * KIB;

export const header = struct("vhdx.header", "little", 4 * KIB, {
  signature: bytes(0, 4),
  checksum: u32(4),
  sequenceNumber: bits64(8),
  dataWriteGuid: guid(32),
  logGuid: guid(48),
  logVersion: u16(64),
  version: u16(66),
  logLength: u32(68),
  logOffset: u64(72),
});

export const regionTable = struct("vhdx.regions", "little", 16, {
  signature: bytes(0, 4),
  checksum: u32(4),
  entryCount: u32(8),
});
export const regionEntry = struct("vhdx.region", "little", 32, {
  guid: guid(0),
  fileOffset: u64(16),
  length: u32(24),
  required: u32(28),
});

export const Region = {
  bat: "2dc27766-f623-4200-9d64-115e9bfd4a08",
  metadata: "8b7ca206-4790-4b9a-b8fe-575f050f886e",
} as const;

export const metadataTable = struct("vhdx.metadata", "little", 32, { signature: bytes(0, 8), entryCount: u16(10) });
export const metadataEntry = struct("vhdx.item", "little", 32, {
  itemId: guid(0),
  /** From the metadata region's start. */
  offset: u32(16),
  length: u32(20),
  flags: u32(24),
});
export const ItemFlag = { isUser: 1, isRequired: 4 } as const;

export const Item = {
  fileParameters: "caa16737-fa36-4d43-b3b6-33f0aa44e76b",
  virtualDiskSize: "2fa54224-cd1b-4876-b211-5dbed83bf4b8",
  virtualDiskId: "beca12ab-b2e6-4523-93ef-c309e000c746",
  logicalSectorSize: "8141bf1d-a96f-4709-ba47-f233a8faab5f",
  physicalSectorSize: "cda348c7-445d-4471-9cc9-e9885251c556",
  parentLocator: "a8d35f2d-b30b-454d-abf7-d3d84834ab0c",
} as const;

export const fileParameters = struct("vhdx.parameters", "little", 8, { blockSize: u32(0), flags: u32(4) });
export const ParameterFlag = { leaveBlocksAllocated: 1, hasParent: 2 } as const;
export const virtualDiskSize = struct("vhdx.size", "little", 8, { size: u64(0) });
export const virtualDiskId = struct("vhdx.id", "little", 16, { id: guid(0) });
export const sectorSize = struct("vhdx.sector", "little", 4, { size: u32(0) });

export const locatorHeader = struct("vhdx.locator", "little", 20, { type: guid(0), keyValueCount: u16(18) });
/** Offsets from the locator's start; texts are UTF-16. */
export const locatorEntry = struct("vhdx.locator.entry", "little", 12, {
  keyOffset: u32(0),
  valueOffset: u32(4),
  keyLength: u16(8),
  valueLength: u16(10),
});
export const VHDX_LOCATOR = "b04aefb7-d19e-4a81-b789-25b8e9445913";

/** States of a payload block, in the lowest three bits of its entry. */
export const Payload = {
  notPresent: 0,
  undefined: 1,
  zero: 2,
  unmapped: 3,
  fullyPresent: 6,
  partiallyPresent: 7,
} as const;
/** State of a sector bitmap's block that is there. */
export const BITMAP_PRESENT = 6;

export const logEntry = struct("vhdx.log.entry", "little", 64, {
  signature: bytes(0, 4),
  checksum: u32(4),
  entryLength: u32(8),
  /** From the log's start: the first entry of the sequence that this one ends. */
  tail: u32(12),
  sequenceNumber: bits64(16),
  descriptorCount: u32(24),
  logGuid: guid(32),
  flushedFileOffset: bits64(48),
  lastFileOffset: bits64(56),
});
/** `zero` or `desc`: what stands at 4 and 8 differs. */
export const descriptor = struct("vhdx.log.descriptor", "little", 32, {
  signature: bytes(0, 4),
  trailingBytes: bytes(4, 4),
  leadingBytes: bytes(8, 8),
  zeroLength: u64(8),
  fileOffset: u64(16),
  sequenceNumber: bits64(24),
});
export const dataSector = struct("vhdx.log.data", "little", 4 * KIB, {
  signature: bytes(0, 4),
  sequenceHigh: u32(4),
  sequenceLow: u32(4092),
});
/** Of the log: entries are made of whole sectors. */
export const LOG_SECTOR = 4 * KIB;

export const NO_GUID = "00000000-0000-0000-0000-000000000000";

export const Limit = {
  minBlockSize: MIB,
  maxBlockSize: 256 * MIB,
  maxSize: 64 * 2 ** 40,
  maxEntries: 2047,
  maxLocator: MIB,
  maxLocatorEntries: 256,
  maxLog: 32 * MIB,
  maxDescriptors: 65536,
} as const;
