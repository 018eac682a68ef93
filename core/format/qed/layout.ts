import { bits64, struct, u32, u64 } from "../../kit/struct.ts";

/**
 * On-disk structures of QED, all little-endian.
 * Spec: https://gitlab.com/qemu-project/qemu/-/blob/master/docs/interop/qed_spec.rst
 */

/** "QED\0" */
export const MAGIC = 0x00444551;

export const qedHeader = struct("qed.header", "little", 64, {
  magic: u32(0),
  clusterSize: u32(4),
  /** Clusters of each table. */
  tableSize: u32(8),
  /** Clusters. */
  headerSize: u32(12),
  features: bits64(16),
  compatFeatures: bits64(24),
  autoclearFeatures: bits64(32),
  l1TableOffset: u64(40),
  imageSize: u64(48),
  backingFilenameOffset: u32(56),
  backingFilenameSize: u32(60),
});

export const Feature = { backingFile: 1n, needCheck: 2n, backingFormatNoProbe: 4n } as const;

/** A cluster that reads as zeros, in place of its offset. */
export const ZERO_CLUSTER = 1;

export const Limit = {
  minClusterSize: 4096,
  maxClusterSize: 64 << 20,
  maxTableSize: 16,
  maxBackingName: 1023,
} as const;
