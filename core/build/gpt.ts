/** GUID partition table, UEFI 2.10 section 5: written fresh, and carried along when a disk grows. */
import { crc32 } from "../kit/checksum.ts";
import { GuestkitError } from "../kit/errors.ts";
import { readU64 } from "../kit/struct.ts";
import { type ByteRange, PARTITION_TYPES, type PlacedPartition, SECTOR } from "./partition.ts";

const ENTRY_SIZE = 128;
const ENTRY_COUNT = 128;
const HEADER_SIZE = 92;
const SIGNATURE = "EFI PART";

export interface GptDisk {
  readonly diskSize: number;
  readonly uuid: string;
  readonly partitions: readonly (PlacedPartition & { readonly uuid: string })[];
}

/** The whole table of a fresh disk with sectors of 512 bytes. */
export function gptBytes(disk: GptDisk): readonly ByteRange[] {
  const entries = new Uint8Array(ENTRY_COUNT * ENTRY_SIZE);
  for (const [index, each] of disk.partitions.entries()) entries.set(entryBytes(each), index * ENTRY_SIZE);
  const header = new Uint8Array(HEADER_SIZE);
  const view = new DataView(header.buffer);
  header.set(new TextEncoder().encode(SIGNATURE));
  view.setUint32(8, 0x10000, true);
  view.setUint32(12, HEADER_SIZE, true);
  setU64(view, 40, 2 + (ENTRY_COUNT * ENTRY_SIZE) / SECTOR);
  header.set(guidBytes(disk.uuid), 56);
  view.setUint32(80, ENTRY_COUNT, true);
  view.setUint32(84, ENTRY_SIZE, true);
  return [
    { offset: 0, bytes: protectiveMbr(disk.diskSize, SECTOR) },
    ...laidOut(header, entries, disk.diskSize, SECTOR),
  ];
}

function entryBytes(partition: PlacedPartition & { readonly uuid: string }): Uint8Array {
  const entry = new Uint8Array(ENTRY_SIZE);
  const view = new DataView(entry.buffer);
  entry.set(guidBytes(PARTITION_TYPES[partition.type].gpt));
  entry.set(guidBytes(partition.uuid), 16);
  setU64(view, 32, partition.start / SECTOR);
  setU64(view, 40, (partition.start + partition.size) / SECTOR - 1);
  for (let at = 0; at < Math.min(36, partition.name.length); at++) {
    view.setUint16(56 + 2 * at, partition.name.charCodeAt(at), true);
  }
  return entry;
}

/** Both copies of header and entries, with places and checksums for a disk of that size. */
function laidOut(header: Uint8Array, entries: Uint8Array, diskSize: number, sector: number): readonly ByteRange[] {
  const last = Math.floor(diskSize / sector) - 1;
  const span = Math.ceil(entries.length / sector);
  const places = [
    { own: 1, other: last, entries: 2 },
    { own: last, other: 1, entries: last - span },
  ];
  return places.flatMap((place) => {
    const copy = new Uint8Array(sector);
    copy.set(header);
    const view = new DataView(copy.buffer);
    setU64(view, 24, place.own);
    setU64(view, 32, place.other);
    setU64(view, 48, last - span - 1);
    setU64(view, 72, place.entries);
    view.setUint32(88, crc32(entries), true);
    view.setUint32(16, 0, true);
    view.setUint32(16, crc32(copy.subarray(0, header.length)), true);
    const padded = new Uint8Array(span * sector);
    padded.set(entries);
    return [
      { offset: place.entries * sector, bytes: padded },
      { offset: place.own * sector, bytes: copy },
    ];
  });
}

/** One entry of type 0xEE over the disk, or the 2^32 - 1 sectors that an MBR can tell. */
function protectiveMbr(diskSize: number, sector: number): Uint8Array {
  const mbr = new Uint8Array(sector);
  const view = new DataView(mbr.buffer);
  mbr.set([0x00, 0x00, 0x02, 0x00, 0xee, 0xff, 0xff, 0xff], 446);
  view.setUint32(454, 1, true);
  view.setUint32(458, Math.min(0xffffffff, Math.floor(diskSize / sector) - 1), true);
  mbr.set([0x55, 0xaa], 510);
  return mbr;
}

export interface GrownTable {
  readonly ranges: readonly ByteRange[];
  /** The partition that grew, as it was and as it is; null where the last one does not reach the end. */
  readonly grown: {
    readonly number: number;
    readonly start: number;
    readonly oldSize: number;
    readonly size: number;
  } | null;
}

/** Whether the head of a disk (at least 8 KiB) carries a GPT, and with which sector size. */
export function gptSectorOf(head: Uint8Array): number | null {
  const isHeader = (at: number) => new TextDecoder("latin1").decode(head.subarray(at, at + 8)) === SIGNATURE;
  return [512, 4096].find(isHeader) ?? null;
}

/**
 * The table of a disk that grew: its backup at the new end, and its last partition up to there. Every other byte of
 * headers and entries stays. `head` is the start of the disk (at least 1 MiB).
 * Throws `E_GPT_DAMAGED` where the primary's checksums are wrong.
 */
export function growGpt(head: Uint8Array, sector: number, oldSize: number, newSize: number): GrownTable {
  const { header, entries, entrySize } = readPrimary(head, sector);
  const table = new Uint8Array(entries);
  const last = lastEntry(table, entrySize);
  const lastLba = Math.floor(newSize / sector) - 1 - Math.ceil(entries.length / sector) - 1;
  const mbr = new Uint8Array(head.subarray(0, sector));
  if (mbr[450] === 0xee) mbr.set(protectiveMbr(newSize, sector).subarray(446, 462), 446);
  const grown = last && reachesEnd(last.end * sector, oldSize) ? extend(table, last, lastLba, sector) : null;
  return { ranges: [...laidOut(header, table, newSize, sector), { offset: 0, bytes: mbr }], grown };
}

/** Whether what ends at `end` leaves no more than a table's tail and an alignment free. */
export function reachesEnd(end: number, diskSize: number): boolean {
  return diskSize - end <= 2 * 2 ** 20;
}

interface Entry {
  readonly index: number;
  readonly at: number;
  readonly start: number;
  /** First sector after it. */
  readonly end: number;
}

function lastEntry(table: Uint8Array, entrySize: number): Entry | null {
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength);
  let last: Entry | null = null;
  for (let index = 0; (index + 1) * entrySize <= table.length; index++) {
    const at = index * entrySize;
    if (table.subarray(at, at + 16).every((byte) => byte === 0)) continue;
    const entry = { index, at, start: readU64(view, at + 32, true), end: readU64(view, at + 40, true) + 1 };
    if (!last || entry.end > last.end) last = entry;
  }
  return last;
}

/** Up to the last usable sector, on a boundary of 4 KiB. */
function extend(table: Uint8Array, entry: Entry, lastLba: number, sector: number): GrownTable["grown"] {
  const unit = Math.max(1, 4096 / sector);
  const end = entry.start + Math.floor((lastLba + 1 - entry.start) / unit) * unit;
  if (end <= entry.end) return null;
  setU64(new DataView(table.buffer, table.byteOffset), entry.at + 40, end - 1);
  const bytes = (sectors: number) => sectors * sector;
  return {
    number: entry.index + 1,
    start: bytes(entry.start),
    oldSize: bytes(entry.end - entry.start),
    size: bytes(end - entry.start),
  };
}

function readPrimary(head: Uint8Array, sector: number) {
  const view = new DataView(head.buffer, head.byteOffset + sector, sector);
  const headerSize = view.getUint32(12, true);
  if (headerSize < HEADER_SIZE || headerSize > sector) throw damaged("its header's size is impossible");
  const header = new Uint8Array(head.subarray(sector, sector + headerSize));
  const wanted = view.getUint32(16, true);
  header.fill(0, 16, 20);
  if (crc32(header) !== wanted) throw damaged("its header's checksum is wrong");
  const entrySize = view.getUint32(84, true);
  const start = readU64(view, 72, true) * sector;
  const length = entrySize * view.getUint32(80, true);
  if (entrySize < ENTRY_SIZE || start + length > head.length) throw damaged("its entries lie too far in");
  const entries = head.subarray(start, start + length);
  if (crc32(entries) !== view.getUint32(88, true)) throw damaged("its entries' checksum is wrong");
  return { header, entries, entrySize };
}

function damaged(why: string): GuestkitError {
  return new GuestkitError("E_GPT_DAMAGED", `Cannot grow the partition table: ${why}`, {
    help: "Mend it first, from its backup: sgdisk --load-backup, or gdisk's recovery menu.",
  });
}

/** A GUID in Microsoft's mixed byte order. */
function guidBytes(text: string): Uint8Array {
  const raw = Uint8Array.from(text.replaceAll("-", "").match(/../g) ?? [], (hex) => Number.parseInt(hex, 16));
  const order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
  return Uint8Array.from(order, (index) => raw[index] ?? 0);
}

function setU64(view: DataView, at: number, value: number): void {
  view.setBigUint64(at, BigInt(value), true);
}
