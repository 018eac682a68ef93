import { hasMagic } from "../../kit/magic.ts";
import { type ByteSource, stream } from "../../source/source.ts";
import { damaged } from "./fault.ts";
import { JOURNAL_MAGIC, journalHeader } from "./layout.ts";
import type { Overlay } from "./overlay.ts";

/** Pages as they were before a transaction that was not finished. */
export interface Rollback extends Overlay {
  readonly pageSize: number;
}

/** Pages that are put back: a transaction of more is none of a package manager's. */
const MAX_RECORDS = 1 << 18;
/** Pages that are read at once. */
const BATCH = 64;
/** Below this a journal holds no header (SQLite's own least sector of a disk that keeps its word). */
const LEAST = 512;
const TO_THE_END = 0xffff_ffff;

/**
 * What SQLite would put back before it reads: a journal that is there and does not begin with a zero is hot, as the program
 * that wrote it did not come to its end. Each stretch of it counts as far as its checksums hold. Null where it puts back
 * nothing. Throws `E_SQLITE_JOURNAL`.
 */
export async function readRollback(source: ByteSource): Promise<Rollback | null> {
  const first = await readHeader(source, 0, LEAST);
  if (!first) return null;
  const { pages, sector, pageSize } = first;
  if (pageSize === 0) throw damaged(source.name, "JOURNAL", 24, "its journal, of SQLite before 3.5.8, is not read");
  if (!isPower(pageSize, 512) || !isPower(sector, 32)) return null;
  if (await hasSuper(source)) throw damaged(source.name, "JOURNAL", 0, "its transaction is one of several databases");
  const places = new Map<number, number>();
  for (let at = 0, header: Header | null = first; header; header = await readHeader(source, at, sector)) {
    const stretch = stretchOf(source, at + sector, { ...header, pages, pageSize });
    if (places.size + stretch.records > MAX_RECORDS) {
      throw damaged(source.name, "JOURNAL", at, `it has more than ${MAX_RECORDS} pages`);
    }
    if (!(await addRecords(source, stretch, places))) break;
    at = Math.ceil(stretch.end / sector) * sector;
  }
  return { places, pages, pageSize };
}

interface Header {
  readonly records: number;
  readonly nonce: number;
  readonly pages: number;
  readonly sector: number;
  readonly pageSize: number;
}

async function readHeader(source: ByteSource, at: number, sector: number): Promise<Header | null> {
  if (at + Math.max(sector, journalHeader.size) > source.size) return null;
  const head = await source.read(at, journalHeader.size);
  if (!hasMagic(head, 0, JOURNAL_MAGIC)) return null;
  const { records, nonce, pages, sector: own, pageSize } = journalHeader.decode(head);
  return { records, nonce, pages, sector: own, pageSize };
}

const isPower = (value: number, least: number) => value >= least && value <= 65_536 && (value & (value - 1)) === 0;

/** A journal of a transaction over several databases ends with the name of another one, that tells whether it counts. */
async function hasSuper(source: ByteSource): Promise<boolean> {
  return hasMagic(await source.read(source.size - JOURNAL_MAGIC.length, JOURNAL_MAGIC.length), 0, JOURNAL_MAGIC);
}

interface Stretch {
  readonly records: number;
  readonly start: number;
  readonly end: number;
  readonly pageSize: number;
  /** Of the database before: pages past it are cut off. */
  readonly pages: number;
  readonly nonce: number;
}

/** Pages that were not synced have no number of theirs: they go on as far as the file does. */
function stretchOf(source: ByteSource, start: number, { nonce, pages, pageSize, records }: Header): Stretch {
  const size = pageSize + 8;
  const room = Math.max(0, Math.floor((source.size - start) / size));
  const told = records === TO_THE_END ? room : Math.min(records, room);
  return { records: told, start, end: start + told * size, pageSize, pages, nonce };
}

/** Each is a number, the page, and a checksum. False where one does not hold: nothing behind it counts. */
async function addRecords(source: ByteSource, stretch: Stretch, places: Map<number, number>): Promise<boolean> {
  const { start, end, pageSize, pages, nonce } = stretch;
  const size = pageSize + 8;
  const locked = Math.floor(LOCK_BYTE / pageSize) + 1;
  let at = start;
  for await (const batch of stream(source, { start, end, chunk: BATCH * size })) {
    const view = new DataView(batch.buffer, batch.byteOffset, batch.length);
    for (let offset = 0; offset < batch.length; offset += size, at += size) {
      const number = view.getUint32(offset);
      if (number === 0 || number === locked) return false;
      if (number > pages) continue;
      const sum = sumOf(batch.subarray(offset + 4, offset + 4 + pageSize), nonce);
      if (sum !== view.getUint32(offset + 4 + pageSize)) return false;
      places.set(number, at + 4);
    }
  }
  return true;
}

/** The page of this byte is never written: SQLite locks by it. */
const LOCK_BYTE = 0x4000_0000;

/** Every 200th byte from the end on, but for the first ones. */
function sumOf(page: Uint8Array, nonce: number): number {
  let sum = nonce;
  for (let at = page.length - 200; at > 0; at -= 200) sum = (sum + (page[at] ?? 0)) >>> 0;
  return sum;
}
