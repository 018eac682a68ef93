import { bits64, struct, u32 } from "../../kit/struct.ts";
import type { ByteSource } from "../../source/source.ts";
import { foundSource, type Piece } from "../mapped.ts";
import { zeros } from "../zeros.ts";
import { BLOCK, Btrees, blockChecksum } from "./btree.ts";
import { unreadable } from "./fault.ts";
import { count, sectors, textOf } from "./group.ts";
import type { Owner, SegmentReader, Volumes } from "./volumes.ts";

/** A thin pool's superblock, little-endian. Source: Linux, drivers/md/dm-thin-metadata.c, thin_disk_superblock. */
const superblock = struct("lvm2.thin_disk_superblock", "little", 364, {
  csum: u32(0),
  flags: u32(4),
  magic: bits64(32),
  version: u32(40),
  dataMappingRoot: bits64(320),
  dataBlockSize: u32(336),
  metadataBlockSize: u32(340),
  incompatFlags: u32(360),
});
const MAGIC = 27022010n;
const CSUM_XOR = 160774;
const VERSIONS = [1, 2];
const SECTORS_PER_BLOCK = BLOCK / 512;
/** A mapping's value is a block above so many bits of the time when it was made. */
const TIME_BITS = 24n;

interface Pool {
  readonly trees: Btrees;
  readonly mappings: bigint;
  readonly data: ByteSource;
  /** Bytes. */
  readonly block: number;
}

/** What of a thin volume was never written is its external origin's, or zeros. */
export const thin: SegmentReader = async (segment, owner, volumes) => {
  const { section } = segment;
  const { trees, mappings, data, block } = await openPool(textOf(section, "thin_pool"), owner, volumes);
  const id = BigInt(count(section, "device_id"));
  const { at } = await trees.around(mappings, id);
  if (at?.key !== id) throw unreadable(owner.name, "THIN", `its pool knows no device ${id}`);
  const root = at.value;
  const under = section.values.has("external_origin")
    ? await volumes.logical(textOf(section, "external_origin"), owner)
    : null;
  return foundSource(owner.name, segment.size, async (offset, length): Promise<Piece> => {
    const within = offset % block;
    const index = BigInt((offset - within) / block);
    const found = await trees.around(root, index);
    if (found.at?.key === index) {
      const start = Number(found.at.value >> TIME_BITS) * block + within;
      return { source: data, start, length: Math.min(length, block - within) };
    }
    const end = found.next === null ? Number.POSITIVE_INFINITY : Number(found.next) * block;
    return unwritten(under, offset, Math.min(length, end - offset));
  });
};

function unwritten(under: ByteSource | null, offset: number, length: number): Piece {
  if (!under || offset >= under.size) return { source: zeros, start: 0, length };
  return { source: under, start: offset, length: Math.min(length, under.size - offset) };
}

async function openPool(name: string, owner: Owner, volumes: Volumes): Promise<Pool> {
  const [segment, another] = volumes.group.logical.get(name)?.segments ?? [];
  if (!segment || another || segment.type !== "thin-pool") throw new SyntaxError(`"${name}" is no thin pool`);
  const metadata = await volumes.logical(textOf(segment.section, "metadata"), owner);
  const data = await volumes.logical(textOf(segment.section, "pool"), owner);
  const pool = `${volumes.group.name}/${name}`;
  const mappings = await readSuperblock(metadata, pool, sectors(segment.section, "chunk_size"));
  return { trees: new Btrees(metadata, pool), mappings, data, block: sectors(segment.section, "chunk_size") };
}

/** Gives the root of the mappings. */
async function readSuperblock(metadata: ByteSource, pool: string, block: number): Promise<bigint> {
  const refuse = (what: string) => unreadable(pool, "THIN", what, "On a copy, thin_repair may mend it.");
  if (metadata.size < BLOCK) throw refuse(`its metadata has ${metadata.size} bytes`);
  const bytes = await metadata.read(0, BLOCK);
  const found = superblock.decode(bytes);
  if (found.magic !== MAGIC) throw refuse("its metadata has no mark");
  if (found.csum !== blockChecksum(bytes, CSUM_XOR)) throw refuse("the checksum of its superblock is wrong");
  if (!VERSIONS.includes(found.version)) throw refuse(`its metadata has version ${found.version}`);
  if (found.incompatFlags !== 0) throw refuse(`it has unknown features (0x${found.incompatFlags.toString(16)})`);
  if (found.metadataBlockSize !== SECTORS_PER_BLOCK) throw refuse(`its blocks are ${found.metadataBlockSize} sectors`);
  if (block === 0 || found.dataBlockSize * 512 !== block) throw refuse(`its chunks are ${found.dataBlockSize} sectors`);
  return found.dataMappingRoot;
}
