import type { GuestkitError } from "../../kit/errors.ts";
import type { ByteSource } from "../../source/source.ts";
import { type Fault, featureNames, hex } from "../fault.ts";
import { checksumOf } from "./checksum.ts";
import { fault } from "./fault.ts";
import { geometryFault } from "./geometry.ts";
import {
  FEATURES2,
  INCOMPAT,
  LOG_INCOMPAT,
  type RawSuperblock,
  REFUSED_INCOMPAT,
  SB_CRC,
  SUPERBLOCK_SIZE,
  superBlock,
  VERSION,
  VERSION_NUMBER,
  XFS_SB_MAGIC,
} from "./layout.ts";
import { viewOf } from "./wide.ts";

/** The superblock, checked, in units that the rest reads by. */
export interface Superblock {
  readonly raw: RawSuperblock;
  /** Version 5: blocks describe themselves and carry a CRC-32C. */
  readonly v5: boolean;
  /** Bytes. */
  readonly blockSize: number;
  readonly blocks: number;
  readonly agCount: number;
  /** Blocks of an allocation group (the last one may have fewer). */
  readonly agBlocks: number;
  /** How far block numbers of two groups lie apart: a power of two. */
  readonly agStride: number;
  /** Bytes. */
  readonly inodeSize: number;
  readonly inodesPerBlock: number;
  /** Bytes of a block of a directory. */
  readonly directoryBlockSize: number;
  /** Directory entries tell what they lead to. */
  readonly fileTypes: boolean;
  /** Names that differ in case are the same name. */
  readonly anyCase: boolean;
  /** What blocks of version 5 carry: four words. */
  readonly metaUuid: readonly number[];
  readonly incompat: (feature: keyof typeof INCOMPAT) => boolean;
}

/**
 * Reads and checks the primary superblock as the kernel does at mount.
 * `replayed`: it came from the log, whose records have checksums of their own.
 * Throws `E_XFS_SUPERBLOCK`, `E_XFS_CHECKSUM`, `E_XFS_FEATURE`, `E_XFS_TRUNCATED`.
 */
export async function readSuperblock(source: ByteSource, replayed = false): Promise<Superblock> {
  if (source.size < SUPERBLOCK_SIZE) throw bad(source, "the volume is too small to hold one");
  const raw = superBlock.decode((await source.read(0, SUPERBLOCK_SIZE)).slice());
  if (raw.sb_magicnum !== XFS_SB_MAGIC) throw bad(source, `its magic is ${hex(raw.sb_magicnum)}, not 0x58465342`);
  const version = raw.sb_versionnum & VERSION_NUMBER;
  if (version !== 4 && version !== 5) throw refuse(source, [`version ${version}`]);
  const wrong = geometryFault(raw);
  if (wrong) throw bad(source, `impossible geometry: ${wrong}`);
  if (version === 5 && !replayed) await verify(source, raw.sb_sectsize);
  const unknown = version === 5 ? unknownOfFive(raw) : unknownOfFour(raw);
  if (unknown.length > 0) throw refuse(source, unknown);
  if (raw.sb_inprogress !== 0) throw bad(source, "it is marked as being made or copied: that never came to its end");
  const size = raw.sb_dblocks * raw.sb_blocksize;
  if (size > source.size) throw truncated(source, size);
  return decode(raw, version === 5);
}

function decode(raw: RawSuperblock, v5: boolean): Superblock {
  const incompat = (feature: keyof typeof INCOMPAT) => v5 && (raw.sb_features_incompat & INCOMPAT[feature]) !== 0;
  const uuid = viewOf(incompat("meta_uuid") ? raw.sb_meta_uuid : raw.sb_uuid);
  return {
    raw,
    v5,
    blockSize: raw.sb_blocksize,
    blocks: raw.sb_dblocks,
    agCount: raw.sb_agcount,
    agBlocks: raw.sb_agblocks,
    agStride: 2 ** raw.sb_agblklog,
    inodeSize: raw.sb_inodesize,
    inodesPerBlock: raw.sb_inopblock,
    directoryBlockSize: raw.sb_blocksize << raw.sb_dirblklog,
    fileTypes: v5 ? incompat("ftype") : (features2(raw) & FEATURES2.ftype) !== 0,
    anyCase: (raw.sb_versionnum & VERSION.asciici) !== 0,
    metaUuid: [0, 4, 8, 12].map((at) => uuid.getUint32(at)),
    incompat,
  };
}

/** Kernels of 2008 wrote them to the wrong place on some machines; both are taken together. */
function features2(raw: RawSuperblock): number {
  return raw.sb_versionnum & VERSION.morebits ? raw.sb_features2 | raw.sb_bad_features2 : 0;
}

function unknownOfFive(raw: RawSuperblock): string[] {
  const known = all(INCOMPAT) & ~REFUSED_INCOMPAT;
  return [
    ...featureNames((raw.sb_features_incompat & ~known) >>> 0, INCOMPAT, "incompat"),
    ...featureNames((raw.sb_features_log_incompat & ~all(LOG_INCOMPAT)) >>> 0, {}, "log_incompat"),
  ];
}

function unknownOfFour(raw: RawSuperblock): string[] {
  const { lazysbcount, attr2, projid32, ftype } = FEATURES2;
  const known = lazysbcount | attr2 | projid32 | ftype;
  const needed = VERSION.dirv2 | VERSION.extflg;
  return [
    ...((raw.sb_versionnum & needed) === needed ? [] : ["directories or extents of their first version"]),
    ...featureNames((features2(raw) & ~known) >>> 0, FEATURES2, "features2"),
  ];
}

function all(bits: Readonly<Record<string, number>>): number {
  return Object.values(bits).reduce((sum, bit) => sum | bit, 0);
}

async function verify(source: ByteSource, length: number): Promise<void> {
  if (source.size < length) throw bad(source, "the volume ends within it");
  const bytes = await source.read(0, length);
  const stored = viewOf(bytes).getUint32(SB_CRC, true);
  const computed = checksumOf(bytes, SB_CRC);
  if (stored === computed) return;
  throw faultAtStart(source, "E_XFS_CHECKSUM", {
    thing: "the superblock",
    what: `its checksum is ${hex(stored)} and its content's ${hex(computed)}`,
  });
}

function refuse(source: ByteSource, features: readonly string[]): GuestkitError {
  const broken = features.includes("needsrepair");
  return faultAtStart(source, "E_XFS_FEATURE", {
    thing: "the xfs file system",
    what: `it uses ${features.join(", ")}, which this release does not read`,
    help: broken
      ? "xfs_repair or xfs_admin did not come to its end: run xfs_repair on a copy, then read that."
      : "Copy the files out with a kernel that mounts it.",
  });
}

function truncated(source: ByteSource, size: number): GuestkitError {
  return faultAtStart(source, "E_XFS_TRUNCATED", {
    thing: "the xfs file system",
    what: `it takes ${size} bytes and the volume has ${source.size}`,
    help: "The image is cut short: compare its size and sha256 with the original's.",
  });
}

function bad(source: ByteSource, what: string): GuestkitError {
  return faultAtStart(source, "E_XFS_SUPERBLOCK", { thing: "the superblock", what });
}

function faultAtStart(source: ByteSource, code: string, what: Omit<Fault, "offset">): GuestkitError {
  return fault(source.name, code, { ...what, offset: 0 });
}
