import { crc32 } from "../../kit/checksum.ts";
import type { ByteRange } from "../volume.ts";
import { lastLba } from "./find.ts";
import { gptEntry, gptHeader, HEADER_CRC_OFFSET } from "./layout.ts";

const ENTRY_COUNT = 128;
const SIGNATURE = "EFI PART";

/** What both copies of a table share. */
export interface Copies {
  readonly sectorSize: number;
  readonly header: Uint8Array;
  readonly entries: Uint8Array;
  /** Where the entries of the primary stand. */
  readonly entriesLba: number;
}

/** A partition of a fresh table; places in sectors. */
export interface NewEntry {
  readonly type: string;
  readonly uuid: string;
  readonly firstLba: number;
  readonly lastLba: number;
  readonly name: string;
}

/** A fresh table of 128 entries. */
export function newCopies(sectorSize: number, diskGuid: string, partitions: readonly NewEntry[]): Copies {
  const entries = new Uint8Array(ENTRY_COUNT * gptEntry.size);
  for (const [index, each] of partitions.entries()) entries.set(encodeEntry(each), index * gptEntry.size);
  const header = new Uint8Array(gptHeader.size);
  const view = new DataView(header.buffer);
  header.set(new TextEncoder().encode(SIGNATURE));
  view.setUint32(8, 0x10000, true);
  view.setUint32(12, gptHeader.size, true);
  setU64(view, 40, 2 + entriesSpan(entries, sectorSize));
  header.set(encodeGuid(diskGuid), 56);
  view.setUint32(80, ENTRY_COUNT, true);
  view.setUint32(84, gptEntry.size, true);
  return { sectorSize, header, entries, entriesLba: 2 };
}

function encodeEntry({ type, uuid, firstLba, lastLba, name }: NewEntry): Uint8Array {
  const entry = new Uint8Array(gptEntry.size);
  const view = new DataView(entry.buffer);
  entry.set(encodeGuid(type));
  entry.set(encodeGuid(uuid), 16);
  setU64(view, 32, firstLba);
  setU64(view, 40, lastLba);
  for (let at = 0; at < Math.min(36, name.length); at++) view.setUint16(56 + 2 * at, name.charCodeAt(at), true);
  return entry;
}

/** Both copies of header and entries, with places and checksums for a disk of that size (bytes). */
export function encodeCopies({ sectorSize, header, entries, entriesLba }: Copies, diskSize: number): ByteRange[] {
  const last = lastLba(diskSize, sectorSize);
  const span = entriesSpan(entries, sectorSize);
  const places = [
    { own: 1, other: last, array: entriesLba },
    { own: last, other: 1, array: last - span },
  ];
  const padded = new Uint8Array(span * sectorSize);
  padded.set(entries);
  return places.flatMap(({ own, other, array }) => {
    const sector = new Uint8Array(sectorSize);
    sector.set(header);
    const view = new DataView(sector.buffer);
    setU64(view, 24, own);
    setU64(view, 32, other);
    setU64(view, 48, lastUsable(entries, sectorSize, diskSize));
    setU64(view, 72, array);
    view.setUint32(88, crc32(entries), true);
    view.setUint32(HEADER_CRC_OFFSET, 0, true);
    view.setUint32(HEADER_CRC_OFFSET, crc32(sector.subarray(0, header.length)), true);
    return [
      { offset: array * sectorSize, bytes: padded },
      { offset: own * sectorSize, bytes: sector },
    ];
  });
}

/** The last sector before the backup's entries. */
export function lastUsable(entries: Uint8Array, sectorSize: number, diskSize: number): number {
  return lastLba(diskSize, sectorSize) - entriesSpan(entries, sectorSize) - 1;
}

/** Sectors that the entries take. */
export function entriesSpan(entries: Uint8Array, sectorSize: number): number {
  return Math.ceil(entries.length / sectorSize);
}

/** A GUID in Microsoft's mixed byte order. */
function encodeGuid(text: string): Uint8Array {
  const raw = Uint8Array.from(text.replaceAll("-", "").match(/../g) ?? [], (hex) => Number.parseInt(hex, 16));
  const order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
  return Uint8Array.from(order, (index) => raw[index] ?? 0);
}

export function setU64(view: DataView, at: number, value: number): void {
  view.setBigUint64(at, BigInt(value), true);
}
