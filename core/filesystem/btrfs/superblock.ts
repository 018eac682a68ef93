import type { GuestkitError } from "../../kit/errors.ts";
import { hasMagic } from "../../kit/magic.ts";
import type { Codec } from "../../source/codec.ts";
import type { ByteSource } from "../../source/source.ts";
import { type Checksum, checksumOf } from "./checksum.ts";
import { fault } from "./fault.ts";
import { featureNames } from "./features.ts";
import {
  BTRFS_MAGIC,
  CSUM_SIZE,
  INCOMPAT,
  MAX_LEVEL,
  REFUSED_INCOMPAT,
  SUPER_FLAGS_CHANGING,
  SUPERBLOCK_OFFSETS,
  SUPERBLOCK_SIZE,
  superBlock,
} from "./layout.ts";

type Raw = ReturnType<typeof superBlock.decode>;

/** A superblock, checked, with what the rest reads by. */
export interface Superblock {
  readonly raw: Raw;
  /** Where it was read, bytes. */
  readonly offset: number;
  readonly checksum: Checksum;
  /** What the blocks of trees bear. */
  readonly treeUuid: Uint8Array;
  readonly has: (feature: keyof typeof INCOMPAT) => boolean;
}

/** The superblock and, where it is not the first one, why. */
export interface FoundSuperblock {
  readonly sb: Superblock;
  readonly warning: string | null;
}

/**
 * The first superblock, as the kernel mounts by it; where that one is damaged, the newest of its copies.
 * Throws `E_BTRFS_SUPERBLOCK`, `E_BTRFS_CHECKSUM`, `E_BTRFS_FEATURE`.
 */
export async function readSuperblock(source: ByteSource, codec: Pick<Codec, "digest">): Promise<FoundSuperblock> {
  const first = await readAt(source, SUPERBLOCK_OFFSETS[0], codec);
  if ("sb" in first) return { sb: first.sb, warning: null };
  if (first.error.code === "E_BTRFS_FEATURE") throw first.error;
  let best: Superblock | null = null;
  for (const offset of SUPERBLOCK_OFFSETS.slice(1)) {
    if (offset + SUPERBLOCK_SIZE > source.size) continue;
    const copy = await readAt(source, offset, codec);
    if ("sb" in copy && copy.sb.raw.generation > (best?.raw.generation ?? -1)) best = copy.sb;
  }
  if (!best) throw first.error;
  return { sb: best, warning: `the superblock is damaged: its copy at ${best.offset} was used` };
}

type Read = { readonly sb: Superblock } | { readonly error: GuestkitError };

async function readAt(source: ByteSource, offset: number, codec: Pick<Codec, "digest">): Promise<Read> {
  const bad = (what: string, code = "E_BTRFS_SUPERBLOCK", help?: string): Read => ({
    error: fault(source.name, code, {
      thing: "the btrfs superblock",
      what,
      offset,
      ...(help !== undefined && { help }),
    }),
  });
  if (offset + SUPERBLOCK_SIZE > source.size) return bad("the volume is too small to hold one");
  const bytes = (await source.read(offset, SUPERBLOCK_SIZE)).slice();
  if (!hasMagic(bytes, 0x40, BTRFS_MAGIC)) return bad("its magic is not there");
  const raw = superBlock.decode(bytes);
  const checksum = checksumOf(raw.csum_type, codec);
  if (!checksum)
    return bad(`its checksum type is ${raw.csum_type}, which this release does not know`, "E_BTRFS_FEATURE");
  if (!checksum.matches(bytes, CSUM_SIZE, SUPERBLOCK_SIZE, new DataView(bytes.buffer), 0)) {
    return bad(`its ${checksum.name} checksum is not that of its content`, "E_BTRFS_CHECKSUM");
  }
  const refused = refusedFeatures(raw.incompat_flags);
  if (refused.length > 0) {
    const what = `it uses ${refused.join(", ")}, which this release does not read`;
    return bad(what, "E_BTRFS_FEATURE", "Copy the files out with a kernel that mounts it.");
  }
  const wrong = impossible(raw, offset);
  if (wrong !== null) return bad(`impossible: ${wrong}`);
  return { sb: decode(raw, offset, checksum) };
}

function refusedFeatures(bits: bigint): string[] {
  const known = Object.values(INCOMPAT).reduce((all, bit) => all | bit, 0n) & ~REFUSED_INCOMPAT;
  return featureNames(bits & ~known, INCOMPAT);
}

/** The kernel's own conditions (`btrfs_validate_super`). */
function impossible(raw: Raw, offset: number): string | null {
  const { sectorsize, nodesize, sys_chunk_array_size: chunks } = raw;
  const powerOfTwo = (value: number, least: number) =>
    value >= least && value <= 0x1_0000 && (value & (value - 1)) === 0;
  const numbers = [
    ...[raw.generation, raw.root, raw.chunk_root, raw.log_root, raw.total_bytes, raw.bytes_used],
    ...[raw.root_dir_objectid, raw.num_devices, raw.chunk_root_generation],
  ];
  const rules: readonly (readonly [boolean, string])[] = [
    [raw.bytenr !== offset, `it says that it stands at ${raw.bytenr}`],
    [!powerOfTwo(sectorsize, 4096), `sectors of ${sectorsize} bytes`],
    [!powerOfTwo(nodesize, sectorsize), `nodes of ${nodesize} bytes`],
    [
      [raw.root, raw.chunk_root, raw.log_root].some((at) => at % sectorsize !== 0),
      "a tree that begins within a sector",
    ],
    [[raw.root_level, raw.chunk_root_level, raw.log_root_level].some((level) => level >= MAX_LEVEL), "a tree's height"],
    [chunks > 2048 || chunks < 97, `chunks in ${chunks} bytes`],
    [numbers.some((value) => value < 0 || !Number.isSafeInteger(value)), "a number past 2^53"],
    [raw.num_devices < 1 || raw.num_devices > 0x1_0000, `${raw.num_devices} devices`],
    [raw.bytes_used > raw.total_bytes, `${raw.bytes_used} bytes used of ${raw.total_bytes}`],
    [(raw.flags & SUPER_FLAGS_CHANGING) !== 0n, "a change of its UUID or checksums was begun and never ended"],
  ];
  return rules.find(([broken]) => broken)?.[1] ?? null;
}

function decode(raw: Raw, offset: number, checksum: Checksum): Superblock {
  const has = (feature: keyof typeof INCOMPAT) => (raw.incompat_flags & INCOMPAT[feature]) !== 0n;
  return { raw, offset, checksum, has, treeUuid: has("metadata_uuid") ? raw.metadata_uuid : raw.fsid };
}
