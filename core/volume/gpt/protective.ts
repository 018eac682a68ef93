import {
  decodeEntries,
  type Entry,
  emptySector,
  encodeEntry,
  MAX_SECTORS,
  setPlace,
  TYPE_PROTECTIVE,
} from "../boot-record.ts";
import type { Grown } from "../volume.ts";

/** One entry of type 0xEE over the disk, or as much of it as an MBR can tell; `sectors` is the disk's. */
export function newProtective(sectors: number): Uint8Array {
  return withProtective(emptySector(), sectors);
}

function withProtective(sector: Uint8Array, sectors: number): Uint8Array {
  const place = { slot: 1, status: 0, type: TYPE_PROTECTIVE, start: 1, count: covered(sectors) };
  encodeEntry(sector, place);
  // UEFI 2.10, table 5.4: it starts at head 0, sector 2 and ends at the last place there is.
  sector.set([0x00, 0x02, 0x00], 447);
  sector.set([0xff, 0xff, 0xff], 451);
  return sector;
}

const covered = (sectors: number) => Math.min(MAX_SECTORS, sectors - 1);

/**
 * The first sector of a disk that grew to `sectors` of `sectorSize` bytes: boot code and flags stay. A protective entry
 * that is alone covers the disk; a hybrid MBR's stay, but for one that tells of the partition that grew.
 */
export function resizeProtective(
  first: Uint8Array,
  sectors: number,
  sectorSize: number,
  grown: Grown | null,
): { readonly bytes: Uint8Array; readonly notes: readonly string[] } {
  const bytes = new Uint8Array(first);
  const used = decodeEntries(bytes)?.filter(({ type, count }) => type !== 0 && count > 0) ?? [];
  const protective = used.find(({ type, start }) => type === TYPE_PROTECTIVE && start === 1);
  if (!protective) return { bytes: withProtective(blankEntries(bytes), sectors), notes: [] };
  if (used.length > 1) return { bytes, notes: growHybrid(bytes, used, sectorSize, grown) };
  setPlace(bytes, protective.slot, 1, covered(sectors));
  return { bytes, notes: [] };
}

/** Nobody reads partitions from a sector without its signature: what stands there is code, or nothing. */
function blankEntries(sector: Uint8Array): Uint8Array {
  sector.fill(0, 446, 510);
  sector.set([0x55, 0xaa], 510);
  return sector;
}

function growHybrid(
  bytes: Uint8Array,
  used: readonly Entry[],
  sectorSize: number,
  grown: Grown | null,
): readonly string[] {
  const twin = grown && used.find(({ start, count }) => isSame(grown, start * sectorSize, count * sectorSize));
  if (!grown || !twin) return [];
  const count = grown.size / sectorSize;
  const behind = used.some(({ start }) => start > twin.start);
  if (behind || twin.start + count > MAX_SECTORS) {
    return [
      `Entry ${twin.slot} of the hybrid MBR stays as it is: what uses it sees partition ${grown.number} as it was.`,
    ];
  }
  setPlace(bytes, twin.slot, twin.start, count);
  return [];
}

function isSame({ start, oldSize }: Grown, atStart: number, atSize: number): boolean {
  return start === atStart && oldSize === atSize;
}
