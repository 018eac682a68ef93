import type { ByteSource } from "../../source/source.ts";
import { blockMap, type Mixed } from "../block-map.ts";
import { dataRun, parentRun, type Run, type RunMap, zeroRun } from "../run.ts";
import { alikeFrom } from "../sector-bitmap.ts";
import { TableSlices } from "../table-slices.ts";
import { faults } from "./fault.ts";
import { BITMAP_PRESENT, MIB, Payload } from "./layout.ts";
import type { Metadata } from "./metadata.ts";
import { overlap, type Regions, type Stretch } from "./regions.ts";

/** What the block table belongs to. */
export interface Blocks {
  readonly source: ByteSource;
  readonly regions: Regions;
  readonly metadata: Metadata;
}

const { damaged } = faults;

/** Sectors of which one bitmap block says where they are. */
const CHUNK_SECTORS = 2 ** 23;
const ENTRY = 8;

/** Where the guest's bytes are. Throws `E_VHDX_BAT_BOUNDS` where the table does not hold the whole disk. */
export function blocksOf(blocks: Blocks): RunMap {
  const { source, regions, metadata } = blocks;
  const { blockSize } = metadata;
  const ratio = (CHUNK_SECTORS * metadata.sectorSize) / blockSize;
  const entries = entriesOf(metadata, ratio);
  const { offset, length } = regions.bat;
  if (entries * ENTRY > length) {
    throw damaged(source, "BAT_BOUNDS", offset, `its block table of ${length} bytes does not hold ${entries} entries`);
  }
  // An entry for a bitmap follows those of the blocks of its chunk.
  const entryOf = (block: number) => block + Math.floor(block / ratio);
  const decode = decoder(blocks);
  const refine = refiner(blocks, ratio, entries);
  return blockMap({ source, offset, entries, entrySize: ENTRY, blockSize, entryOf, decode, refine });
}

function entriesOf({ size, blockSize, parentLocator }: Metadata, ratio: number): number {
  const payload = Math.ceil(size / blockSize);
  if (payload === 0) return 0;
  return parentLocator ? Math.ceil(payload / ratio) * (ratio + 1) : payload + Math.floor((payload - 1) / ratio);
}

function decoder({ source, regions, metadata }: Blocks) {
  const { blockSize, parentLocator } = metadata;
  return (view: DataView, at: number, place: number): Run | Mixed => {
    const state = view.getUint8(at) & 7;
    switch (state) {
      case Payload.notPresent:
        return parentLocator ? parentRun(blockSize) : zeroRun(blockSize);
      case Payload.undefined:
      case Payload.zero:
      case Payload.unmapped:
        return zeroRun(blockSize);
      case Payload.fullyPresent:
        return dataRun(placeIn(source, regions, view, at, place, blockSize), blockSize);
      case Payload.partiallyPresent:
        if (!parentLocator) break;
        return { kind: "mixed", host: placeIn(source, regions, view, at, place, blockSize) };
    }
    throw damaged(source, "BAT_ENTRY", place, `a block is in the state ${state}, which its image cannot have`);
  };
}

/** Bytes into the file: the upper 44 bits of an entry count MiB. */
function placeIn(
  source: ByteSource,
  regions: Regions,
  view: DataView,
  at: number,
  place: number,
  length: number,
): number {
  const low = view.getUint32(at, true) >>> 20;
  const offset = (view.getUint32(at + 4, true) * 2 ** 12 + low) * MIB;
  const stretch: Stretch = { offset, length };
  if (offset < MIB || overlap(stretch, regions.bat) || overlap(stretch, regions.metadata)) {
    throw damaged(source, "BAT_ENTRY", place, `a block at 0x${offset.toString(16)} overlaps what describes it`);
  }
  if (offset < source.size) return offset;
  throw damaged(source, "BAT_ENTRY", place, `a block at 0x${offset.toString(16)} is past the file's end`);
}

/** The parts of blocks of which some sectors are the parent's. */
function refiner({ source, regions, metadata }: Blocks, ratio: number, entries: number) {
  const { blockSize, sectorSize } = metadata;
  const sectors = blockSize / sectorSize;
  const table = new TableSlices(source);
  const bitmaps = new TableSlices(source);
  const bitmapOf = async (block: number, signal: AbortSignal | undefined): Promise<number> => {
    const chunk = Math.floor(block / ratio);
    const entry = ((chunk + 1) * ratio + chunk) * ENTRY;
    const { view, place } = await table.get(regions.bat.offset, entries * ENTRY, entry, signal);
    const at = regions.bat.offset + entry - place;
    if ((view.getUint8(at) & 7) === BITMAP_PRESENT) return placeIn(source, regions, view, at, place + at, MIB);
    throw damaged(source, "BAT_ENTRY", place + at, "a block is there in part, and its bitmap is not");
  };
  return async ({ host }: Mixed, block: number, within: number, signal?: AbortSignal): Promise<Run> => {
    const bitmap = await bitmapOf(block, signal);
    const first = Math.floor(within / sectorSize);
    const start = (block % ratio) * sectors;
    const { view, place } = await bitmaps.get(bitmap, MIB, (start + first) >>> 3, signal);
    const skipped = (place - bitmap) * 8;
    const end = Math.min(start + sectors - skipped, view.byteLength * 8);
    const { isSet, count } = alikeFrom(view, start + first - skipped, end, "low first");
    const length = count * sectorSize - (within % sectorSize);
    return isSet ? dataRun(host + within, length) : parentRun(length);
  };
}
