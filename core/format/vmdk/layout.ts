import { struct, u8, u16, u32, u64 } from "../../kit/struct.ts";

/**
 * On-disk structures of VMDK, all little-endian; sectors are of 512 bytes.
 * Spec: VMware Virtual Disk Format 5.0 (https://www.vmware.com/app/vmdk/?src=vmdk, technical note vmdk_50_technote.pdf)
 */

export const SECTOR = 512;

/** "KDMV": a sparse extent of hosted products, alone or with its descriptor in it. */
export const SPARSE_MAGIC = 0x564d444b;
/** "COWD": a sparse extent of ESX before VMFS 6. */
export const COWD_MAGIC = 0x44574f43;
/** How a descriptor file begins. */
export const DESCRIPTOR_START = "# Disk DescriptorFile";

export const sparseHeader = struct("vmdk.SparseExtentHeader", "little", 79, {
  magicNumber: u32(0),
  version: u32(4),
  flags: u32(8),
  /** Sectors, as all that follow but the counts. */
  capacity: u64(12),
  grainSize: u64(20),
  descriptorOffset: u64(28),
  descriptorSize: u64(36),
  numGTEsPerGT: u32(44),
  rgdOffset: u64(48),
  overHead: u64(64),
  uncleanShutdown: u8(72),
  compressAlgorithm: u16(77),
});

/** In the header: the one that counts is behind the grains, as the file was written in one go. */
export const GD_AT_END = 0xffffffff;
/** `gdOffset` as two halves: all ones are no safe integer. */
export const gdOffset = struct("vmdk.SparseExtentHeader", "little", 64, { low: u32(56), high: u32(60) });

export const Flag = {
  redundantTables: 1 << 1,
  zeroGrains: 1 << 2,
  compressedGrains: 1 << 16,
  markers: 1 << 17,
} as const;

/** What stands before each compressed grain, and before what else such a file holds. */
export const grainMarker = struct("vmdk.GrainMarker", "little", 12, { lba: u64(0), size: u32(8) });
export const marker = struct("vmdk.Marker", "little", 16, { numSectors: u64(0), size: u32(8), type: u32(12) });

export const MarkerType = { endOfStream: 0, footer: 3 } as const;

/** A grain directory's entry, and a grain table's. */
export const ENTRY = 4;
/** A grain that reads as zeros, where the header's flag says so. */
export const ZERO_GRAIN = 1;
export const DEFLATE = 1;

/** ESX's own (vmfsSparse). Spec: "ESX Server Sparse Extents" of the same note. */
export const cowdHeader = struct("vmdk.COWDisk_Header", "little", 32, {
  magicNumber: u32(0),
  version: u32(4),
  flags: u32(8),
  numSectors: u32(12),
  grainSize: u32(16),
  gdOffset: u32(20),
  numGDEntries: u32(24),
});
export const COWD_ENTRIES = 4096;

export const Limit = {
  maxVersion: 3,
  maxDescriptor: 1 << 20,
  maxExtents: 2048,
  maxTableEntries: 4096,
  /** Sectors. */
  maxGrain: 0x200000,
  /** Sectors, of grains that are held in memory whole. */
  maxPackedGrain: 0x8000,
} as const;
