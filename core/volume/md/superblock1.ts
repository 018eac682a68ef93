import type { ByteSource } from "../../source/source.ts";
import { damaged } from "./fault.ts";
import {
  DEV_ROLES_AT,
  FEATURE_BAD_BLOCKS,
  FEATURE_JOURNAL,
  FEATURE_RECOVERY_OFFSET,
  FEATURE_REPLACEMENT,
  FEATURE_RESHAPE_ACTIVE,
  FIRST_WITHOUT_PLACE,
  KNOWN_FEATURES,
  MAGIC,
  MOST_ROLES,
  SB_CSUM_AT,
  SECTOR,
  superblock1,
} from "./layout.ts";
import type { Superblock } from "./member.ts";

const ALL = 0xffff_ffff_ffff_ffffn;

/** Where each version's superblock stands in a device of so many bytes. */
export function places1(size: number): readonly { readonly version: string; readonly offset: number }[] {
  const sectors = Math.floor(size / SECTOR);
  const last = Math.floor((sectors - 16) / 8) * 8 * SECTOR;
  const all = [
    { version: "1.1", offset: 0 },
    { version: "1.2", offset: 8 * SECTOR },
    { version: "1.0", offset: last },
  ];
  return all.filter(({ offset }) => offset >= 0 && offset + superblock1.size <= size);
}

/** Whether a superblock of version 1 that says that it stands there stands at `offset`. */
export async function marks1(source: ByteSource, offset: number): Promise<boolean> {
  const bytes = await source.read(offset, superblock1.size);
  const { magic, majorVersion } = superblock1.decode(bytes);
  const place = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(144, true);
  return magic === MAGIC && majorVersion === 1 && place === BigInt(offset / SECTOR);
}

/** Throws `E_MD_SUPERBLOCK`. */
export async function readSuperblock1(source: ByteSource, version: string, offset: number): Promise<Superblock> {
  const wrong = (what: string) => damaged(source, "SUPERBLOCK", offset, what);
  const found = superblock1.decode(await source.read(offset, superblock1.size));
  const { maxDev, chunkSize, raidDisks, featureMap, level } = found;
  if (maxDev > MOST_ROLES) throw wrong(`it has room for ${maxDev} members`);
  const length = DEV_ROLES_AT + 2 * maxDev;
  if (offset + length > source.size) throw wrong("its superblock ends past its end");
  const bytes = await source.read(offset, length);
  if (found.sbCsum !== checksum1(bytes)) throw wrong("the checksum of its superblock is wrong");
  const sectors = (count: number, what: string) => {
    if (count * SECTOR > Number.MAX_SAFE_INTEGER) throw wrong(`its ${what} is ${count} sectors`);
    return count * SECTOR;
  };
  if (raidDisks > MOST_ROLES) throw wrong(`it has ${raidDisks} members`);
  return {
    version,
    ...{ uuid: found.setUuid, name: found.setName, level, layout: found.layout },
    chunk: sectors(chunkSize, "chunk"),
    raidDisks,
    size: sectors(found.size, "size"),
    dataOffset: sectors(found.dataOffset, "data's start"),
    dataSize: sectors(found.dataSize, "data"),
    events: found.events,
    number: found.devNumber,
    roles: rolesIn(bytes, maxDev),
    isClean: found.resyncOffset === ALL,
    recovered:
      (featureMap & FEATURE_RECOVERY_OFFSET) === 0 ? Number.POSITIVE_INFINITY : Number(found.recoveryOffset) * SECTOR,
    isReplacement: (featureMap & FEATURE_REPLACEMENT) !== 0,
    badBlocks: (featureMap & FEATURE_BAD_BLOCKS) === 0 ? null : badBlocksOf(found, offset),
    refusal: refusalOf(featureMap),
  };
}

function badBlocksOf(
  { bblogOffset, bblogSize, bblogShift }: { bblogOffset: number; bblogSize: number; bblogShift: number },
  superblock: number,
): Superblock["badBlocks"] {
  return { offset: superblock + bblogOffset * SECTOR, length: bblogSize * SECTOR, shift: bblogShift };
}

function refusalOf(features: number): Superblock["refusal"] {
  const unknown = features & ~KNOWN_FEATURES;
  if (unknown !== 0) return { part: "FEATURE", what: `it has unknown features (0x${(unknown >>> 0).toString(16)})` };
  if (features & FEATURE_RESHAPE_ACTIVE) return { part: "RESHAPE", what: "it is being reshaped" };
  if (features & FEATURE_JOURNAL)
    return { part: "JOURNAL", what: "it has a journal, which may hold what its disks lack" };
  return null;
}

function rolesIn(bytes: Uint8Array, count: number): readonly (number | null)[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: count }, (_, index) => {
    const role = view.getUint16(DEV_ROLES_AT + 2 * index, true);
    return role >= FIRST_WITHOUT_PLACE ? null : role;
  });
}

/** The sum of all words of 32 bits, the checksum's own as zero, with what overflows added. */
function checksum1(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let sum = 0;
  let at = 0;
  for (; at + 4 <= bytes.length; at += 4) sum += at === SB_CSUM_AT ? 0 : view.getUint32(at, true);
  if (at + 2 <= bytes.length) sum += view.getUint16(at, true);
  return (sum + Math.floor(sum / 2 ** 32)) >>> 0;
}
