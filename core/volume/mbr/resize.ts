import type { ByteSource } from "../../source/source.ts";
import { type Entry, MAX_SECTORS, SECTOR, setPlace } from "../boot-record.ts";
import type { ByteRange, Extent, ResizedTable } from "../volume.ts";
import { demandRoom } from "../window.ts";

/** A partition, and the entries that cover it; all places in sectors of the disk. */
export interface Placed extends Entry {
  readonly number: number;
  /** Its own entry, then those of the extended partitions around it, the boot sector's last. */
  readonly covers: readonly Cover[];
}

/** An entry in the sector at `sector` whose start counts from sector `base`. */
export interface Cover {
  readonly sector: number;
  readonly base: number;
  readonly entry: Entry;
}

/** The sectors of a table whose partition `grow` reaches to the end of a disk of `diskSize` bytes, or as far as an MBR can tell. */
export async function resizeMbr(
  source: ByteSource,
  partitions: readonly Placed[],
  extents: readonly Extent[],
  { diskSize, grow }: { readonly diskSize: number; readonly grow: number | null },
): Promise<ResizedTable> {
  demandRoom(source.name, extents, diskSize, diskSize);
  const partition = partitions.find(({ number }) => number === grow);
  const sectors = Math.min(Math.floor(diskSize / SECTOR), MAX_SECTORS);
  const end = partition ? partition.start + Math.floor((sectors - partition.start) / 8) * 8 : 0;
  const far = sectors === MAX_SECTORS ? ["An MBR reaches no further than 2 TiB: what is behind stays free."] : [];
  if (!partition || end <= partition.start + partition.count) return { ranges: [], grown: null, notes: far };
  const { number, start, count } = partition;
  const grown = { number, start: start * SECTOR, oldSize: count * SECTOR, size: (end - start) * SECTOR };
  return { ranges: await stretched(source, partition.covers, end), grown, notes: far };
}

/** The chain's entries may stand in one sector: each is changed in what was changed before. */
async function stretched(source: ByteSource, covers: readonly Cover[], end: number): Promise<ByteRange[]> {
  const sectors = new Map<number, Uint8Array>();
  for (const { sector, base, entry } of covers) {
    const bytes = sectors.get(sector) ?? new Uint8Array(await source.read(sector * SECTOR, SECTOR));
    const count = end - base - entry.start;
    if (count > entry.count) setPlace(bytes, entry.slot, entry.start, count);
    sectors.set(sector, bytes);
  }
  return [...sectors].map(([sector, bytes]) => ({ offset: sector * SECTOR, bytes }));
}
