/** The PC partition table with extended partitions: written fresh, and carried along when a disk grows. */
import { GuestkitError } from "../kit/errors.ts";
import { type GrownTable, reachesEnd } from "./gpt.ts";
import {
  type ByteRange,
  isLogical,
  MIB,
  PARTITION_TYPES,
  type PlacedPartition,
  SECTOR,
  type TableLayout,
} from "./partition.ts";

const ENTRIES = 446;
const EXTENDED_LBA = 0x0f;
const MAX_SECTORS = 0xffffffff;

/** Boot sector and, past four partitions, a chain of EBRs, each a MiB before its logical partition. */
export function mbrBytes(layout: TableLayout, signature: Uint8Array): readonly ByteRange[] {
  const { partitions, diskSize } = layout;
  const count = partitions.length;
  const logical = partitions.filter((_, index) => isLogical(count, index));
  const primary = partitions.filter((_, index) => !isLogical(count, index));
  const sector = bootSector();
  sector.set(signature, 440);
  for (const [index, each] of primary.entries()) setEntry(sector, index, typeOf(each), each.start, each.size);
  const [first] = logical;
  if (!first) return [{ offset: 0, bytes: sector }];
  const base = first.start - MIB;
  setEntry(sector, 3, EXTENDED_LBA, base, diskSize - base);
  return [{ offset: 0, bytes: sector }, ...chain(logical, base)];
}

/** The first entry of an EBR is relative to itself, the second (the next EBR) to the extended partition. */
function chain(logical: readonly PlacedPartition[], base: number): ByteRange[] {
  return logical.map((each, index) => {
    const sector = bootSector();
    setEntry(sector, 0, typeOf(each), MIB, each.size);
    const next = logical[index + 1];
    if (next) setEntry(sector, 1, 0x05, next.start - MIB - base, next.size + MIB);
    return { offset: each.start - MIB, bytes: sector };
  });
}

function typeOf(partition: PlacedPartition): number {
  const type = PARTITION_TYPES[partition.type].mbr;
  if (type !== null) return type;
  throw new GuestkitError(
    "E_LAYOUT_TYPE",
    `Cannot lay out partition "${partition.name}": an MBR has no type ${partition.type}`,
    {
      help: 'Use scheme = "gpt", or leave it out: an MBR needs no such partition.',
    },
  );
}

function bootSector(): Uint8Array {
  const sector = new Uint8Array(SECTOR);
  sector.set([0x55, 0xaa], 510);
  return sector;
}

/** Places are in sectors; the cylinder-head-sector fields say "too large for that". */
function setEntry(sector: Uint8Array, index: number, type: number, start: number, size: number): void {
  const view = new DataView(sector.buffer);
  const at = ENTRIES + 16 * index;
  sector.set([0x00, 0xfe, 0xff, 0xff, type, 0xfe, 0xff, 0xff], at);
  view.setUint32(at + 8, sectors(start), true);
  view.setUint32(at + 12, sectors(size), true);
}

function sectors(bytes: number): number {
  const count = Math.floor(bytes / SECTOR);
  if (count <= MAX_SECTORS) return count;
  throw new GuestkitError("E_LAYOUT_SIZE", "Cannot lay out partitions: an MBR reaches no further than 2 TiB", {
    help: 'Use scheme = "gpt".',
  });
}

/** Whether the head of a disk carries a PC partition table with anything in it, not a file system's boot sector. */
export function isMbr(head: Uint8Array): boolean {
  if (head[510] !== 0x55 || head[511] !== 0xaa) return false;
  const entries = [0, 1, 2, 3].map((index) => head.subarray(ENTRIES + 16 * index, ENTRIES + 16 * (index + 1)));
  return entries.every((entry) => ((entry[0] ?? 0) & 0x7f) === 0) && entries.some((entry) => entry[4] !== 0);
}

/**
 * The table of a disk that grew: its last partition up to the new end, the extended one around it as well. `read` gives
 * a sector of the disk.
 */
export async function growMbr(
  read: (offset: number) => Promise<Uint8Array>,
  oldSize: number,
  newSize: number,
): Promise<GrownTable> {
  const mbr = new Uint8Array(await read(0));
  const [last] = entriesOf(mbr).toSorted((a, b) => b.start + b.size - (a.start + a.size));
  if (!last || !reachesEnd(last.start + last.size, oldSize)) return { ranges: [], grown: null };
  const end = Math.min(newSize, MAX_SECTORS * SECTOR);
  resize(mbr, last.index, end - last.start);
  if (![0x05, 0x0f, 0x85].includes(last.type)) {
    const grown = { number: last.index + 1, start: last.start, oldSize: last.size, size: end - last.start };
    return { ranges: [{ offset: 0, bytes: mbr }], grown };
  }
  const { ranges, grown } = await growChain(read, last.start, last.start + last.size, end);
  return { ranges: [{ offset: 0, bytes: mbr }, ...ranges], grown };
}

/** The last logical partition, its EBR, and the entry of the EBR before that covers both. */
async function growChain(
  read: (offset: number) => Promise<Uint8Array>,
  base: number,
  oldEnd: number,
  end: number,
): Promise<GrownTable> {
  let previous: { readonly at: number; readonly sector: Uint8Array } | null = null;
  for (let at = base, number = 5; number < 5 + 128; number++) {
    const sector = new Uint8Array(await read(at));
    const [own, next] = [entryAt(sector, 0), entryAt(sector, 1)];
    if (next.size > 0) {
      previous = { at, sector };
      at = base + next.start;
      continue;
    }
    const start = at + own.start;
    if (own.size === 0 || !reachesEnd(start + own.size, oldEnd)) return { ranges: [], grown: null };
    resize(sector, 0, end - start);
    if (previous) resize(previous.sector, 1, end - at);
    const before = previous ? [{ offset: previous.at, bytes: previous.sector }] : [];
    return {
      ranges: [...before, { offset: at, bytes: sector }],
      grown: { number, start, oldSize: own.size, size: end - start },
    };
  }
  throw new GuestkitError(
    "E_MBR_LOOP",
    "Cannot grow the partition table: its chain of logical partitions does not end",
  );
}

function entriesOf(sector: Uint8Array) {
  return [0, 1, 2, 3].map((index) => entryAt(sector, index)).filter((each) => each.type !== 0 && each.size > 0);
}

function entryAt(sector: Uint8Array, index: number) {
  const view = new DataView(sector.buffer, sector.byteOffset + ENTRIES + 16 * index, 16);
  const bytes = (at: number) => view.getUint32(at, true) * SECTOR;
  return { index, type: view.getUint8(4), start: bytes(8), size: bytes(12) };
}

function resize(sector: Uint8Array, index: number, size: number): void {
  new DataView(sector.buffer).setUint32(ENTRIES + 16 * index + 12, Math.floor(size / SECTOR), true);
}
