import { GuestkitError } from "../../kit/errors.ts";
import { hasMagic } from "../../kit/magic.ts";
import type { ByteSource } from "../../source/source.ts";
import { windowSource } from "../../source/window.ts";
import { decodeEntries, SECTOR } from "../boot-record.ts";
import type { Member } from "../stack.ts";
import { withoutBadBlocks } from "./bad-blocks.ts";
import { damaged } from "./fault.ts";
import type { RaidLabel, Superblock } from "./member.ts";
import { marks1, places1, readSuperblock1 } from "./superblock1.ts";
import { marks090, place090, readSuperblock090 } from "./superblock090.ts";

interface Place {
  readonly offset: number;
  read(): Promise<Superblock>;
}

export async function probeMd(source: ByteSource): Promise<boolean> {
  return (await findPlace(source)) !== null || (await containerOf(source)) !== null;
}

/** Throws `E_MD_*`. */
export async function readMember(member: Member): Promise<RaidLabel> {
  const { source } = member;
  const place = await findPlace(source);
  if (!place) throw await withoutPlace(source);
  const superblock = await place.read().catch((error) => {
    throw error instanceof GuestkitError ? error.within({ file: source.name, offset: place.offset }) : error;
  });
  const { dataOffset, dataSize, size, level } = superblock;
  // RAID 0 and linear take all that there is.
  const used = level > 0 ? size : dataSize;
  if (used > dataSize)
    throw damaged(source, "BOUNDS", place.offset, `${size} bytes of ${dataSize} are said to be used`);
  if (dataOffset + dataSize > source.size) {
    throw damaged(
      source,
      "BOUNDS",
      place.offset,
      `its data ends at ${dataOffset + dataSize}, and it at ${source.size}`,
    );
  }
  const whole = await withoutBadBlocks(source, superblock);
  const data = windowSource(whole, dataOffset, used);
  return { member, uuid: superblock.uuid, label: superblock.name || null, group: superblock.uuid, superblock, data };
}

async function findPlace(source: ByteSource): Promise<Place | null> {
  for (const { version, offset } of places1(source.size)) {
    if (await marks1(source, offset)) return { offset, read: () => readSuperblock1(source, version, offset) };
  }
  const offset = place090(source.size);
  if (offset === null || !(await marks090(source, offset)) || (await isInPartition(source, offset))) return null;
  return { offset, read: () => readSuperblock090(source, offset) };
}

/** Version 0.90 does not say where it stands: at the end of a disk it may be its last partition's. */
async function isInPartition(source: ByteSource, offset: number): Promise<boolean> {
  const entries = decodeEntries(await source.read(0, SECTOR)) ?? [];
  const sector = offset / SECTOR;
  return entries.some(({ type, start, count }) => type !== 0 && start > 0 && start <= sector && sector < start + count);
}

/** Superblocks that firmware writes; the array in such a container is described in other ways. */
async function containerOf(source: ByteSource): Promise<string | null> {
  if (source.size < 4 * SECTOR) return null;
  const start = source.size - (source.size % SECTOR) - 2 * SECTOR;
  const bytes = await source.read(start, 2 * SECTOR);
  if (hasMagic(bytes, 0, "Intel Raid ISM Cfg Sig. ")) return "Intel's firmware RAID (isw_raid_member)";
  return hasMagic(bytes, SECTOR, "\xde\x11\xde\x11") ? "a DDF container (ddf_raid_member)" : null;
}

async function withoutPlace(source: ByteSource) {
  const container = await containerOf(source);
  if (container)
    return damaged(source, "CONTAINER", source.size - 2 * SECTOR, `it belongs to ${container}, which is not read`);
  return damaged(source, "SUPERBLOCK", 0, "it has no superblock");
}
