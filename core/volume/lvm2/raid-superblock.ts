import { bits64, struct, u32 } from "../../kit/struct.ts";
import type { ByteSource } from "../../source/source.ts";

/** What the kernel keeps in a RAID's metadata volumes, little-endian. Source: Linux, drivers/md/dm-raid.c, dm_raid_superblock. */
const superblock = struct("lvm2.dm_raid_superblock", "little", 148, {
  magic: u32(0),
  compatFeatures: u32(4),
  numDevices: u32(8),
  arrayPosition: u32(12),
  events: bits64(16),
  failedDevices: bits64(24),
  diskRecoveryOffset: bits64(32),
  arrayResyncOffset: bits64(40),
  level: u32(48),
  layout: u32(52),
  stripeSectors: u32(56),
  flags: u32(60),
  reshapePosition: bits64(64),
  deltaDisks: u32(84),
  dataOffset: bits64(96),
  newDataOffset: bits64(104),
  sectors: bits64(112),
  failedDevices1: bits64(120),
  failedDevices2: bits64(128),
  failedDevices3: bits64(136),
  incompatFeatures: u32(144),
});
/** "DmRd" */
const MAGIC = 0x64526d44;
/** The fields from `flags` on are there. */
const SUPPORTS_V190 = 1;
const RESHAPE_ACTIVE = 1;
/** A place that was reached: everything. */
const ALL = 0xffff_ffff_ffff_ffffn;
/** Incompatible features that are known: none there is. */
const KNOWN_FEATURES = 0;

/** What one disk's superblock says. */
export interface DiskState {
  readonly events: bigint;
  readonly failed: (disk: number) => boolean;
  /** Bytes of each disk up to which parity or copies are in step. */
  readonly inStep: number;
  readonly isReshaping: boolean;
  /** Incompatible features that no reader knows. */
  readonly unknown: number;
  /** Bytes of the disk that are sound. */
  readonly recovered: number;
  /** Where data starts; bytes. */
  readonly dataOffset: number;
}

/** Null where there is none, as on a disk that is to be filled or a RAID that was never started. */
export async function readDiskState(metadata: ByteSource): Promise<DiskState | null> {
  if (metadata.size < superblock.size) return null;
  const found = superblock.decode(await metadata.read(0, superblock.size));
  if (found.magic !== MAGIC) return null;
  const isNew = (found.compatFeatures & SUPPORTS_V190) !== 0;
  const bits = [
    found.failedDevices,
    ...(isNew ? [found.failedDevices1, found.failedDevices2, found.failedDevices3] : []),
  ];
  return {
    events: found.events,
    failed: (disk) => ((bits[Math.floor(disk / 64)] ?? 0n) & (1n << BigInt(disk % 64))) !== 0n,
    inStep: bytesUpTo(found.arrayResyncOffset),
    isReshaping: isNew && ((found.flags & RESHAPE_ACTIVE) !== 0 || found.reshapePosition !== ALL),
    unknown: isNew ? found.incompatFeatures & ~KNOWN_FEATURES : 0,
    recovered: bytesUpTo(found.diskRecoveryOffset),
    dataOffset: isNew ? bytesUpTo(found.dataOffset) : 0,
  };
}

function bytesUpTo(sector: bigint): number {
  return sector === ALL ? Number.POSITIVE_INFINITY : Number(sector) * 512;
}

/** The newest of several; null where there is none. */
export function newestState(states: readonly (DiskState | null)[]): DiskState | null {
  const known = states.filter((each) => each !== null);
  return known.toSorted((a, b) => (a.events < b.events ? 1 : a.events > b.events ? -1 : 0))[0] ?? null;
}
