import { bits64, struct, u8, u16, u32, u64 } from "../../kit/struct.ts";

/**
 * On-disk structures of qcow2, versions 2 and 3, all big-endian.
 * Spec: https://gitlab.com/qemu-project/qemu/-/blob/master/docs/interop/qcow2.txt (docs/interop/qcow2.rst since 10.1)
 */

/** "QFI\xfb" */
export const MAGIC = 0x514649fb;

export const headerV2 = struct("qcow2.header", "big", 72, {
  magic: u32(0),
  version: u32(4),
  backingFileOffset: u64(8),
  backingFileSize: u32(16),
  clusterBits: u32(20),
  size: u64(24),
  cryptMethod: u32(32),
  l1Size: u32(36),
  l1TableOffset: u64(40),
  refcountTableOffset: bits64(48),
  refcountTableClusters: u32(56),
  nbSnapshots: u32(60),
  snapshotsOffset: u64(64),
});

/** What version 3 adds. */
export const headerV3 = struct("qcow2.header", "big", 104, {
  incompatibleFeatures: bits64(72),
  compatibleFeatures: bits64(80),
  autoclearFeatures: bits64(88),
  refcountOrder: u32(96),
  headerLength: u32(100),
});

/** There where `headerLength` reaches past it and the feature bit says so. */
export const compressionField = struct("qcow2.header", "big", 105, { compressionType: u8(104) });

export const headerExtension = struct("qcow2.extension", "big", 8, { type: u32(0), length: u32(4) });

/** What the encryption extension holds where the method is LUKS: where the header stands. */
export const luksHeader = struct("qcow2.luks", "big", 16, { offset: u64(0), length: u64(8) });

export const CryptMethod = { none: 0, luks: 2 } as const;

export const ExtensionType = {
  end: 0,
  backingFormat: 0xe2792aca,
  featureNames: 0x6803f857,
  bitmaps: 0x23852875,
  encryption: 0x0537be77,
  dataFile: 0x44415441,
} as const;

export const Incompatible = {
  dirty: 1n << 0n,
  corrupt: 1n << 1n,
  dataFile: 1n << 2n,
  compressionType: 1n << 3n,
  extendedL2: 1n << 4n,
} as const;

export const Compatible = { lazyRefcounts: 1n << 0n } as const;
export const Autoclear = { bitmaps: 1n << 0n, rawDataFile: 1n << 1n } as const;

export const snapshotHeader = struct("qcow2.snapshot", "big", 40, {
  l1TableOffset: u64(0),
  l1Size: u32(8),
  idLength: u16(12),
  nameLength: u16(14),
  seconds: u32(16),
  nanoseconds: u32(20),
  vmStateSize: u32(32),
  extraSize: u32(36),
});

/** The part of a snapshot's extra data that is used; version 3 always has it. */
export const snapshotExtra = struct("qcow2.snapshot.extra", "big", 16, { vmStateSize: u64(0), diskSize: u64(8) });

/** Limits that QEMU keeps as well: what is past them was not made by anyone's tool. */
export const Limit = {
  minClusterBits: 9,
  maxClusterBits: 21,
  /** Extended L2 entries need subclusters of 512 bytes. */
  minExtendedClusterBits: 14,
  maxL1Bytes: 32 << 20,
  maxBackingName: 1023,
  maxFormatName: 64,
  maxSnapshots: 65536,
  maxSnapshotTable: 64 << 20,
  maxSnapshotExtra: 1024,
} as const;

export const SUBCLUSTERS = 32;
