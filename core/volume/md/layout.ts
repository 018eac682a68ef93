import { bits64, cstring, i32, struct, u8, u16, u32, u64, uuid } from "../../kit/struct.ts";

/** Superblocks of Linux's software RAID. Source: Linux, include/uapi/linux/raid/md_p.h; md(4). */

export const SECTOR = 512;
export const MAGIC = 0xa92b4efc;

/** Versions 1.0, 1.1 and 1.2 differ in where it stands. Little-endian. */
export const superblock1 = struct("md.mdp_superblock_1", "little", 256, {
  magic: u32(0),
  majorVersion: u32(4),
  featureMap: u32(8),
  setUuid: uuid(16),
  setName: cstring(32, 32),
  level: i32(72),
  layout: u32(76),
  size: u64(80),
  chunkSize: u32(88),
  raidDisks: u32(92),
  dataOffset: u64(128),
  dataSize: u64(136),
  superOffset: u64(144),
  recoveryOffset: bits64(152),
  devNumber: u32(160),
  bblogShift: u8(185),
  bblogSize: u16(186),
  bblogOffset: i32(188),
  events: bits64(200),
  resyncOffset: bits64(208),
  sbCsum: u32(216),
  maxDev: u32(220),
});
export const SB_CSUM_AT = 216;
export const DEV_ROLES_AT = 256;
/** Entries of `dev_roles` that a superblock of 4 KiB has room for. */
export const MOST_ROLES = 1920;

/** From this on roles are those of journals (0xfffd), failed members (0xfffe) and spares (0xffff). */
export const FIRST_WITHOUT_PLACE = 0xfffd;

export const FEATURE_RECOVERY_OFFSET = 1 << 1;
export const FEATURE_RESHAPE_ACTIVE = 1 << 2;
export const FEATURE_BAD_BLOCKS = 1 << 3;
export const FEATURE_REPLACEMENT = 1 << 4;
export const FEATURE_JOURNAL = 1 << 9;
/**
 * Bitmaps (0, 7, 8), reshapes (5, 6), partial parity logs (10, 11) and the layout of RAID 0 (12): what they say is of no
 * matter to what is in step.
 */
export const KNOWN_FEATURES = 0x1fff;

/** Version 0.90, words of 32 bits in the order of the host that made it. */
export const SB_090_BYTES = 4096;
export const SB_090_ALIGN = 64 << 10;
export const WORD = {
  magic: 0,
  majorVersion: 1,
  minorVersion: 2,
  setUuid0: 5,
  level: 7,
  size: 8,
  raidDisks: 10,
  mdMinor: 11,
  setUuid1: 13,
  state: 33,
  sbCsum: 38,
  /** The lower half stands first in the little order, and second in the big one. */
  events: 39,
  recoveryCp: 43,
  layout: 64,
  chunkSize: 65,
  disks: 128,
  thisDisk: 992,
} as const;
export const MOST_DISKS_090 = 27;
/** Words of a disk's descriptor: its number, major, minor, its place in the array, its state. */
export const DESCRIPTOR_WORDS = 32;
export const DISK_FAULTY = 1 << 0;
export const DISK_ACTIVE = 1 << 1;
export const DISK_SYNC = 1 << 2;
export const STATE_CLEAN = 1 << 0;
/** A minor version of arrays that are being reshaped. */
export const MINOR_RESHAPE = 91;

export const badBlock = struct("md.bad_block", "little", 8, { value: bits64(0) });
