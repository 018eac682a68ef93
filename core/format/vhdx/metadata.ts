import { hasMagic } from "../../kit/magic.ts";
import type { Decoded, Fields, Struct } from "../../kit/struct.ts";
import type { ByteSource } from "../../source/source.ts";
import { faults, unknownFeature } from "./fault.ts";
import {
  fileParameters,
  Item,
  ItemFlag,
  Limit,
  metadataEntry,
  metadataTable,
  ParameterFlag,
  sectorSize,
  TABLE_SIZE,
  virtualDiskId,
  virtualDiskSize,
} from "./layout.ts";
import type { Stretch } from "./regions.ts";

/** What the metadata say, in bytes. */
export interface Metadata {
  readonly size: number;
  readonly blockSize: number;
  readonly sectorSize: number;
  readonly id: string;
  /** Whether blocks keep their places, as in fixed disks. */
  readonly isFixed: boolean;
  /** Where the parent's locator stands in the file; null for an image that stands alone. */
  readonly parentLocator: Stretch | null;
}

/** Metadata items by their GUID, and the region that they are in. */
interface Items {
  readonly source: ByteSource;
  readonly region: Stretch;
  readonly places: ReadonlyMap<string, Stretch>;
}

const { damaged } = faults;
const KNOWN: readonly string[] = Object.values(Item);

/** Throws `E_VHDX_METADATA`, `E_VHDX_FEATURE`. */
export async function readMetadata(source: ByteSource, region: Stretch): Promise<Metadata> {
  const items = { source, region, places: await readPlaces(source, region) };
  const { blockSize, flags } = await readItem(items, Item.fileParameters, fileParameters);
  const { size } = await readItem(items, Item.virtualDiskSize, virtualDiskSize);
  const { size: sector } = await readItem(items, Item.logicalSectorSize, sectorSize);
  const { id } = await readItem(items, Item.virtualDiskId, virtualDiskId);
  checkSizes(items, { blockSize, size, sector });
  return {
    ...{ size, blockSize, id },
    sectorSize: sector,
    isFixed: (flags & ParameterFlag.leaveBlocksAllocated) !== 0,
    parentLocator: (flags & ParameterFlag.hasParent) === 0 ? null : placeOf(items, Item.parentLocator),
  };
}

async function readPlaces(source: ByteSource, region: Stretch): Promise<ReadonlyMap<string, Stretch>> {
  const { offset, length } = region;
  if (length < TABLE_SIZE) throw damaged(source, "METADATA", offset, `its metadata are ${length} bytes`);
  const table = await source.read(offset, TABLE_SIZE);
  const { entryCount } = metadataTable.decode(table);
  if (!hasMagic(table, 0, "metadata") || entryCount > Limit.maxEntries) {
    throw damaged(source, "METADATA", offset, "its metadata table is damaged");
  }
  const found = new Map<string, Stretch>();
  for (let index = 0; index < entryCount; index++) {
    const at = metadataTable.size + index * metadataEntry.size;
    const item = metadataEntry.decode(table, at);
    const isKnown = (item.flags & ItemFlag.isUser) === 0 && KNOWN.includes(item.itemId);
    if (!isKnown && (item.flags & ItemFlag.isRequired) !== 0) {
      throw unknownFeature(source, offset + at, `the metadata item ${item.itemId}`);
    }
    if (!isKnown) continue;
    if (found.has(item.itemId))
      throw damaged(source, "METADATA", offset + at, `the item ${item.itemId} is there twice`);
    if (item.offset < TABLE_SIZE || item.offset + item.length > length) {
      const what = `the item ${item.itemId} (${item.length} bytes at ${item.offset}) is outside its region`;
      throw damaged(source, "METADATA", offset + at, what);
    }
    found.set(item.itemId, { offset: offset + item.offset, length: item.length });
  }
  return found;
}

function placeOf({ source, region, places }: Items, id: string): Stretch {
  const place = places.get(id);
  if (place) return place;
  throw damaged(source, "METADATA", region.offset, `it has no metadata item ${id}`);
}

async function readItem<F extends Fields>(items: Items, id: string, kind: Struct<F>): Promise<Decoded<F>> {
  const { offset, length } = placeOf(items, id);
  if (length < kind.size) throw damaged(items.source, "METADATA", offset, `the item ${id} is ${length} bytes`);
  return kind.decode(await items.source.read(offset, kind.size));
}

function checkSizes(
  { source, region }: Items,
  { blockSize, size, sector }: { blockSize: number; size: number; sector: number },
): void {
  const fault = (what: string) => damaged(source, "METADATA", region.offset, what);
  const isPower = (blockSize & (blockSize - 1)) === 0;
  if (!isPower || blockSize < Limit.minBlockSize || blockSize > Limit.maxBlockSize) {
    throw fault(`its blocks are ${blockSize} bytes`);
  }
  if (sector !== 512 && sector !== 4096) throw fault(`its sectors are ${sector} bytes`);
  if (size > Limit.maxSize || size % sector !== 0) throw fault(`its disk is ${size} bytes`);
}
