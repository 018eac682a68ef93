import { GuestkitError } from "../../kit/errors.ts";
import type { ByteSource } from "../../source/source.ts";
import { bootSector, extended16, extended32 } from "./layout.ts";

/** Where everything of a FAT volume is, in bytes from its start. */
export interface FatVolume {
  readonly bits: 12 | 16 | 32;
  readonly sectorSize: number;
  readonly clusterSize: number;
  /** The active file allocation table. */
  readonly fatStart: number;
  readonly fatSize: number;
  /** The fixed root directory of FAT12 and FAT16; size 0 on FAT32. */
  readonly rootStart: number;
  readonly rootSize: number;
  /** First cluster of the root directory on FAT32, else 0. */
  readonly rootCluster: number;
  readonly dataStart: number;
  /** Clusters of data; they are numbered from 2. */
  readonly clusters: number;
  readonly size: number;
  /** Offset of FSInfo; null without it. */
  readonly infoStart: number | null;
  readonly serial: number | null;
  readonly label: Uint8Array | null;
  /** The bit that says "mounted": it was not unmounted. */
  readonly dirty: boolean;
}

/** Sectors of `size` bytes that FAT knows. */
export const SECTOR_SIZES = [512, 1024, 2048, 4096] as const;
const MAX_FAT12_CLUSTERS = 4084;
const MAX_FAT16_CLUSTERS = 65524;

/**
 * The volume that a boot sector describes, or a text saying why it is none. The rules are the kernel's
 * (fs/fat/inode.c, `fat_read_bpb`): FAT32 is told by its empty 16-bit table size, the others by their cluster count.
 */
export function parseBootSector(raw: Uint8Array): FatVolume | string {
  const boot = bootSector.decode(raw);
  const fault = bootFault(raw);
  if (fault) return fault;
  const wide = extended32.decode(raw);
  const is32 = boot.fatSz16 === 0;
  const sectorSize = boot.bytsPerSec;
  const fatSectors = is32 ? wide.fatSz32 : boot.fatSz16;
  const total = boot.totSec16 || boot.totSec32;
  const rootSectors = Math.ceil((boot.rootEntCnt * 32) / sectorSize);
  const rootSector = boot.rsvdSecCnt + boot.numFats * fatSectors;
  const dataSector = rootSector + rootSectors;
  if (fatSectors === 0) return "its allocation table has no sectors";
  if (dataSector >= total) return `its data would start at sector ${dataSector} of ${total}`;
  const counted = Math.floor((total - dataSector) / boot.secPerClus);
  const bits = is32 ? 32 : counted <= MAX_FAT12_CLUSTERS ? 12 : 16;
  if (bits === 16 && counted > MAX_FAT16_CLUSTERS) return `${counted} clusters are too many for FAT16`;
  const fatSize = fatSectors * sectorSize;
  const active = is32 && wide.extFlags & 0x80 ? wide.extFlags & 0x0f : 0;
  if (active >= boot.numFats) return `its active table is number ${active} of ${boot.numFats}`;
  if (is32 && wide.fsVer !== 0) return `its version ${wide.fsVer >> 8}.${wide.fsVer & 255} is unknown`;
  return {
    bits,
    sectorSize,
    clusterSize: boot.secPerClus * sectorSize,
    fatStart: (boot.rsvdSecCnt + active * fatSectors) * sectorSize,
    fatSize,
    rootStart: rootSector * sectorSize,
    rootSize: is32 ? 0 : boot.rootEntCnt * 32,
    rootCluster: is32 ? wide.rootClus : 0,
    dataStart: dataSector * sectorSize,
    clusters: Math.min(counted, Math.floor((fatSize * 8) / bits) - 2),
    size: total * sectorSize,
    infoStart: is32 && wide.fsInfo > 0 && wide.fsInfo < boot.rsvdSecCnt ? wide.fsInfo * sectorSize : null,
    ...identity(raw, is32),
  };
}

function bootFault(raw: Uint8Array): string | null {
  const boot = bootSector.decode(raw);
  const jump = boot.jmpBoot === 0xeb || boot.jmpBoot === 0xe9;
  if (!jump && boot.signature !== 0xaa55) return "its boot sector has neither a jump nor a signature";
  if (!SECTOR_SIZES.some((size) => size === boot.bytsPerSec)) return `its sectors have ${boot.bytsPerSec} bytes`;
  if (!isPowerOfTwo(boot.secPerClus)) return `its clusters have ${boot.secPerClus} sectors`;
  if (boot.rsvdSecCnt === 0) return "it has no reserved sectors";
  if (boot.numFats === 0) return "it has no allocation table";
  if (boot.media !== 0xf0 && boot.media < 0xf8) return `its media byte is 0x${boot.media.toString(16)}`;
  if (boot.fatSz16 !== 0 && boot.rootEntCnt === 0) return "its root directory has no room";
  return null;
}

function identity(raw: Uint8Array, is32: boolean): Pick<FatVolume, "serial" | "label" | "dirty"> {
  const extended = is32 ? extended32.decode(raw) : extended16.decode(raw);
  const known = extended.bootSig === 0x28 || extended.bootSig === 0x29;
  return {
    serial: known && extended.volId !== 0 ? extended.volId : null,
    label: extended.bootSig === 0x29 ? extended.volLab.slice() : null,
    dirty: known && (extended.state & 1) === 1,
  };
}

function isPowerOfTwo(value: number): boolean {
  return value > 0 && (value & (value - 1)) === 0;
}

/** What was read, and whether from the backup boot sector. */
export interface FoundVolume {
  readonly volume: FatVolume;
  readonly backup: boolean;
}

/** Reads the boot sector, and FAT32's backup of it (sector 6) where that cannot be used. Throws `E_FAT_BOOT`. */
export async function readVolume(source: ByteSource): Promise<FoundVolume> {
  const primary = source.size < 512 ? "it has less than one sector" : parseBootSector(await source.read(0, 512));
  if (typeof primary !== "string") return { volume: primary, backup: false };
  const backup = await readBackup(source);
  if (backup) return { volume: backup, backup: true };
  throw new GuestkitError("E_FAT_BOOT", `Cannot open FAT on "${source.name}": ${primary}`, {
    at: { file: source.name, offset: 0 },
  });
}

/** FAT32 alone has a backup, and says in it where it stands. */
export async function readBackup(source: ByteSource): Promise<FatVolume | null> {
  for (const size of SECTOR_SIZES) {
    const offset = 6 * size;
    if (offset + 512 > source.size) return null;
    const raw = await source.read(offset, 512);
    const volume = parseBootSector(raw);
    if (typeof volume === "string" || volume.bits !== 32 || volume.sectorSize !== size) continue;
    if (extended32.decode(raw).bkBootSec === 6 && bootSector.decode(raw).signature === 0xaa55) return volume;
  }
  return null;
}
