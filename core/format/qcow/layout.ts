import { struct, u8, u32, u64 } from "../../kit/struct.ts";

/**
 * On-disk structures of QEMU's first copy-on-write format, all big-endian.
 * Spec: block/qcow.c, https://gitlab.com/qemu-project/qemu/-/blob/master/block/qcow.c
 */

/** "QFI\xfb", as qcow2 has it: the version tells them apart. */
export const MAGIC = 0x514649fb;

export const qcowHeader = struct("qcow.header", "big", 48, {
  magic: u32(0),
  version: u32(4),
  backingFileOffset: u64(8),
  backingFileSize: u32(16),
  size: u64(24),
  clusterBits: u8(32),
  /** Of an L2 table's entries. */
  l2Bits: u8(33),
  cryptMethod: u32(36),
  l1TableOffset: u64(40),
});

/** The upper half of an entry of a compressed cluster. */
export const COMPRESSED = 0x80000000;

/** QEMU's own. */
export const Limit = {
  minClusterBits: 9,
  maxClusterBits: 16,
  minL2Bits: 6,
  maxL2Bits: 13,
  maxL1Bytes: 2 ** 31,
  maxBackingName: 1023,
} as const;
