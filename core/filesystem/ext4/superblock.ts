import { crc32c } from "../../kit/checksum.ts";
import type { GuestkitError } from "../../kit/errors.ts";
import type { ByteSource } from "../../source/source.ts";
import { type Fault, featureNames, hex } from "../fault.ts";
import { fault } from "./fault.ts";
import {
  COMPAT,
  EXT2_FLAGS_SIGNED_HASH,
  EXT2_FLAGS_UNSIGNED_HASH,
  EXT4_SUPER_MAGIC,
  GOOD_OLD_INODE_SIZE,
  INCOMPAT,
  REFUSED_INCOMPAT,
  RO_COMPAT,
  SUPERBLOCK_OFFSET,
  SUPERBLOCK_SIZE,
  superBlock,
} from "./layout.ts";

type Raw = ReturnType<typeof superBlock.decode>;

/** The superblock, checked, in units that the rest reads by. */
export interface Superblock {
  readonly raw: Raw;
  /** Bytes. */
  readonly blockSize: number;
  readonly blocksCount: number;
  readonly firstDataBlock: number;
  readonly blocksPerGroup: number;
  readonly groups: number;
  readonly inodesCount: number;
  readonly inodesPerGroup: number;
  /** Bytes. */
  readonly inodeSize: number;
  /** Bytes of a group descriptor. */
  readonly descSize: number;
  readonly freeBlocks: number;
  readonly uuid: Uint8Array;
  /** metadata_csum is on: every structure carries a CRC-32C. */
  readonly checksums: boolean;
  readonly checksumSeed: number;
  /** What `char` the directory hashes were made with; null where it was never noted. */
  readonly hashSign: "signed" | "unsigned" | null;
  /** Hash seed as four words, or null for the standard one. */
  readonly hashSeed: readonly number[] | null;
  readonly compat: (feature: keyof typeof COMPAT) => boolean;
  readonly incompat: (feature: keyof typeof INCOMPAT) => boolean;
  readonly roCompat: (feature: keyof typeof RO_COMPAT) => boolean;
}

/**
 * Reads and checks the primary superblock as the kernel does at mount.
 * Throws `E_EXT4_SUPERBLOCK`, `E_EXT4_CHECKSUM`, `E_EXT4_FEATURE`, `E_EXT4_JOURNAL_DEVICE`, `E_EXT4_TRUNCATED`.
 */
export async function readSuperblock(source: ByteSource): Promise<Superblock> {
  if (source.size < SUPERBLOCK_OFFSET + SUPERBLOCK_SIZE) throw bad(source, "the volume is too small to hold one");
  const bytes = await source.read(SUPERBLOCK_OFFSET, SUPERBLOCK_SIZE);
  const raw = superBlock.decode(bytes.slice());
  if (raw.s_magic !== EXT4_SUPER_MAGIC) throw bad(source, `its magic is ${hex(raw.s_magic)}, not 0xef53`);
  refuseFeatures(source, raw);
  verify(source, raw, bytes);
  const decoded = decode(source, raw);
  checkGeometry(source, decoded);
  return decoded;
}

function refuseFeatures(source: ByteSource, raw: Raw): void {
  const bits = raw.s_feature_incompat;
  if (bits & INCOMPAT.journal_dev) throw journalDevice(source, raw);
  const known = Object.values(INCOMPAT).reduce((all, bit) => all | bit, 0) & ~REFUSED_INCOMPAT;
  const unknown = bits & ~known;
  if (unknown === 0) return;
  throw refuse(source, "E_EXT4_FEATURE", {
    thing: "the ext4 file system",
    what: `it uses ${featureNames(unknown >>> 0, INCOMPAT, "incompat").join(", ")}, which this release does not read`,
    help: "Copy the files out with a kernel that mounts it.",
  });
}

function journalDevice(source: ByteSource, raw: Raw): GuestkitError {
  return refuse(source, "E_EXT4_JOURNAL_DEVICE", {
    thing: "a file system",
    what: `this is the external journal ${raw.s_uuid_text} of an ext4 file system, it holds no files`,
    help: "Read the volume that the journal belongs to.",
  });
}

function verify(source: ByteSource, raw: Raw, bytes: Uint8Array): void {
  if (!(raw.s_feature_ro_compat & RO_COMPAT.metadata_csum)) return;
  if (raw.s_checksum_type !== 1) throw bad(source, `its checksum type is ${raw.s_checksum_type}, not 1 (crc32c)`);
  const computed = crc32c(0xffffffff, bytes, 0, SUPERBLOCK_SIZE - 4);
  if (computed === raw.s_checksum) return;
  throw refuse(source, "E_EXT4_CHECKSUM", {
    thing: "the superblock",
    what: `its checksum is ${hex(raw.s_checksum)} and its content's ${hex(computed)}`,
    help: "Repair a copy from a backup superblock: e2fsck -b 32768 FILE (8193 with blocks of 1 KiB), then read again.",
  });
}

function decode(source: ByteSource, raw: Raw): Superblock {
  if (raw.s_log_block_size > 6) throw bad(source, `its block size is 2^${raw.s_log_block_size + 10} bytes`);
  const has64 = (raw.s_feature_incompat & INCOMPAT["64bit"]) !== 0;
  const high = (value: number) => (has64 ? value * 0x1_0000_0000 : 0);
  const blocksCount = raw.s_blocks_count_lo + high(raw.s_blocks_count_hi);
  const blocksPerGroup = raw.s_blocks_per_group;
  if (blocksPerGroup === 0) throw bad(source, "its groups hold no blocks");
  return {
    raw,
    blockSize: 1024 << raw.s_log_block_size,
    blocksCount,
    firstDataBlock: raw.s_first_data_block,
    blocksPerGroup,
    groups: Math.ceil((blocksCount - raw.s_first_data_block) / blocksPerGroup),
    inodesCount: raw.s_inodes_count,
    inodesPerGroup: raw.s_inodes_per_group,
    inodeSize: raw.s_rev_level === 0 ? GOOD_OLD_INODE_SIZE : raw.s_inode_size,
    descSize: has64 ? raw.s_desc_size : 32,
    freeBlocks: raw.s_free_blocks_count_lo + high(raw.s_free_blocks_count_hi),
    uuid: raw.s_uuid,
    checksums: (raw.s_feature_ro_compat & RO_COMPAT.metadata_csum) !== 0,
    checksumSeed: checksumSeed(raw),
    hashSign: hashSign(raw.s_flags),
    hashSeed: hashSeed(raw.s_hash_seed),
    compat: (feature) => (raw.s_feature_compat & COMPAT[feature]) !== 0,
    incompat: (feature) => (raw.s_feature_incompat & INCOMPAT[feature]) !== 0,
    roCompat: (feature) => (raw.s_feature_ro_compat & RO_COMPAT[feature]) !== 0,
  };
}

function checksumSeed(raw: Raw): number {
  const stored = (raw.s_feature_incompat & INCOMPAT.metadata_csum_seed) !== 0;
  return stored ? raw.s_checksum_seed : crc32c(0xffffffff, raw.s_uuid);
}

function hashSign(flags: number): Superblock["hashSign"] {
  if (flags & EXT2_FLAGS_UNSIGNED_HASH) return "unsigned";
  return flags & EXT2_FLAGS_SIGNED_HASH ? "signed" : null;
}

function hashSeed(bytes: Uint8Array): readonly number[] | null {
  if (bytes.every((byte) => byte === 0)) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return [0, 4, 8, 12].map((at) => view.getUint32(at, true));
}

/** The kernel's own conditions: whatever is computed from these numbers later stays within the volume. */
function checkGeometry(source: ByteSource, sb: Superblock): void {
  const { blockSize, blocksCount, blocksPerGroup, inodeSize, inodesPerGroup, descSize } = sb;
  const { s_clusters_per_group, s_first_meta_bg, s_log_cluster_size, s_log_block_size, s_rev_level } = sb.raw;
  const powerOfTwo = (value: number) => value > 0 && (value & (value - 1)) === 0;
  const bigalloc = sb.roCompat("bigalloc");
  const ratio = bigalloc ? 2 ** (s_log_cluster_size - s_log_block_size) : 1;
  const rules: readonly (readonly [boolean, string])[] = [
    [s_rev_level > 1, `its revision is ${s_rev_level}`],
    [
      !powerOfTwo(inodeSize) || inodeSize < GOOD_OLD_INODE_SIZE || inodeSize > blockSize,
      `inodes of ${inodeSize} bytes`,
    ],
    [!powerOfTwo(descSize) || descSize > blockSize, `group descriptors of ${descSize} bytes`],
    [sb.incompat("64bit") && descSize < 64, `group descriptors of ${descSize} bytes with 64bit`],
    [bigalloc && (ratio < 1 || ratio > 2 ** 20), `clusters of 2^${s_log_cluster_size + 10} bytes`],
    [
      !bigalloc && s_log_cluster_size !== s_log_block_size,
      `clusters of 2^${s_log_cluster_size + 10} bytes without bigalloc`,
    ],
    [
      !bigalloc && s_clusters_per_group !== blocksPerGroup,
      `${s_clusters_per_group} clusters in a group of ${blocksPerGroup} blocks`,
    ],
    [
      sb.incompat("meta_bg") && s_first_meta_bg > Math.ceil(sb.groups / (blockSize / descSize)),
      `its first meta_bg is ${s_first_meta_bg}`,
    ],
    [bigalloc && blocksPerGroup !== s_clusters_per_group * ratio, `${s_clusters_per_group} clusters in a group`],
    [blocksPerGroup / ratio > blockSize * 8, `${blocksPerGroup} blocks in a group`],
    [inodesPerGroup === 0 || inodesPerGroup > blockSize * 8, `${inodesPerGroup} inodes in a group`],
    [!firstDataBlockFits(sb, bigalloc), `its first data block is ${sb.firstDataBlock}`],
    [!Number.isSafeInteger(blocksCount * blockSize) || sb.firstDataBlock >= blocksCount, `${blocksCount} blocks`],
    [sb.groups * inodesPerGroup !== sb.inodesCount, `${sb.inodesCount} inodes in ${sb.groups} groups`],
  ];
  for (const [broken, what] of rules) if (broken) throw bad(source, `impossible geometry: ${what}`);
  if (blocksCount * blockSize > source.size) throw truncated(source, blocksCount * blockSize);
}

/** Block 0 holds the boot sector alone with 1 KiB blocks, and the superblock too with larger ones. */
function firstDataBlockFits(sb: Superblock, bigalloc: boolean): boolean {
  if (sb.blockSize > 1024) return sb.firstDataBlock === 0;
  return sb.firstDataBlock === 1 || (bigalloc && sb.firstDataBlock === 0);
}

function truncated(source: ByteSource, size: number): GuestkitError {
  return refuse(source, "E_EXT4_TRUNCATED", {
    thing: "the ext4 file system",
    what: `it takes ${size} bytes and the volume has ${source.size}`,
    help: "The image is cut short: compare its size and sha256 with the original's.",
  });
}

function bad(source: ByteSource, what: string): GuestkitError {
  return refuse(source, "E_EXT4_SUPERBLOCK", {
    thing: "the superblock",
    what,
    help: "Repair a copy from a backup superblock: e2fsck -b 32768 FILE (8193 with blocks of 1 KiB), then read again.",
  });
}

function refuse(source: ByteSource, code: string, what: Omit<Fault, "offset">): GuestkitError {
  return fault(source.name, code, { ...what, offset: SUPERBLOCK_OFFSET });
}

/** ext2, ext3 or ext4, told as libblkid tells them. */
export function typeName(sb: Superblock): "ext2" | "ext3" | "ext4" {
  const { s_feature_incompat, s_feature_ro_compat } = sb.raw;
  const { filetype, needs_recovery, meta_bg } = INCOMPAT;
  const { sparse_super, large_file, btree_dir } = RO_COMPAT;
  const elder =
    (s_feature_ro_compat & ~(sparse_super | large_file | btree_dir)) === 0 &&
    (s_feature_incompat & ~(filetype | needs_recovery | meta_bg)) === 0;
  if (!elder) return "ext4";
  return sb.compat("has_journal") ? "ext3" : "ext2";
}
