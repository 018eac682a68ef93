import { hasMagic } from "../../kit/magic.ts";
import type { ByteSource } from "../../source/source.ts";
import { faults, unknownFeature } from "./fault.ts";
import { checksumOf } from "./header.ts";
import { Limit, MIB, REGION_TABLES, Region, regionEntry, regionTable, TABLE_SIZE } from "./layout.ts";

/** A stretch of the file; bytes. */
export interface Stretch {
  readonly offset: number;
  readonly length: number;
}

export interface Regions {
  readonly bat: Stretch;
  readonly metadata: Stretch;
}

const { damaged, checkRange } = faults;

/** What the first sound region table names. Throws `E_VHDX_REGION`, `E_VHDX_FEATURE`. */
export async function readRegions(source: ByteSource): Promise<Regions> {
  for (const place of REGION_TABLES) {
    if (place + TABLE_SIZE > source.size) break;
    const bytes = await source.read(place, TABLE_SIZE);
    if (hasMagic(bytes, 0, "regi") && regionTable.decode(bytes).checksum === checksumOf(bytes)) {
      return decodeRegions(source, bytes, place);
    }
  }
  throw damaged(source, "REGION", REGION_TABLES[0], "both of its region tables are damaged");
}

function decodeRegions(source: ByteSource, bytes: Uint8Array, place: number): Regions {
  const { entryCount } = regionTable.decode(bytes);
  if (entryCount > Limit.maxEntries) throw damaged(source, "REGION", place + 8, `it names ${entryCount} regions`);
  const found = new Map<string, Stretch>();
  for (let index = 0; index < entryCount; index++) {
    const at = regionTable.size + index * regionEntry.size;
    const { guid, fileOffset: offset, length, required } = regionEntry.decode(bytes, at);
    const isKnown = guid === Region.bat || guid === Region.metadata;
    if (!isKnown && (required & 1) !== 0) throw unknownFeature(source, place + at, `the region ${guid}`);
    if (!isKnown) continue;
    if (found.has(guid)) throw damaged(source, "REGION", place + at, `it names the region ${guid} twice`);
    checkRange(source, "REGION", "region", { offset, length, alignment: MIB, at: place + at });
    if (offset < MIB) throw damaged(source, "REGION", place + at, `its region at ${offset} overlaps its headers`);
    found.set(guid, { offset, length });
  }
  const [bat, metadata] = [found.get(Region.bat), found.get(Region.metadata)];
  if (!bat || !metadata) throw damaged(source, "REGION", place, `it names no ${bat ? "metadata" : "block table"}`);
  if (overlap(bat, metadata)) throw damaged(source, "REGION", place, "its block table overlaps its metadata");
  return { bat, metadata };
}

export const overlap = (a: Stretch, b: Stretch): boolean =>
  a.offset < b.offset + b.length && b.offset < a.offset + a.length;
