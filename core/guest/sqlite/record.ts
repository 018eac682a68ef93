import { type Eventual, whenHere } from "../../kit/eventual.ts";
import type { Pieces } from "../pieces.ts";
import { damaged } from "./fault.ts";
import type { Encoding, Pages } from "./pages.ts";

/** A row's number, and its columns. */
export interface Row {
  readonly rowid: number;
  readonly columns: readonly Column[];
  readonly payload: Pieces;
}

/** Where a value stands in a row's payload. */
export interface Column {
  /** 0: null, 1 to 6: integers, 7: a float, 8 and 9: the integers 0 and 1, even from 12 on: bytes, odd from 13 on: text. */
  readonly type: number;
  /** Bytes from the payload's start. */
  readonly offset: number;
  readonly size: number;
}

/** Bytes of values by their serial type, up to 11. */
const SIZES = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0];
/** SQLite's own bound is 32,767 columns, of up to 9 bytes each; the rows that are read here have a few. */
const MAX_HEADER = 4096;
const LONGEST_VARINT = 9;

/** Throws `E_SQLITE_RECORD`. */
export function parseRecord(pages: Pages, rowid: number, payload: Pieces): Eventual<Row> {
  return whenHere(payload.range(0, LONGEST_VARINT), (start) => {
    const { value: end, end: first } = readVarint(start, 0);
    if (end > Math.min(payload.size, MAX_HEADER) || end < first)
      throw wrongRow(pages, rowid, `has a header of ${end} bytes`);
    return whenHere(payload.range(0, end), (head) => {
      const columns = columnsOf(pages, rowid, head, first, end);
      const last = columns.at(-1);
      const size = last ? last.offset + last.size : end;
      if (size > payload.size) throw wrongRow(pages, rowid, `has columns of ${size} bytes, and ${payload.size} in all`);
      return { rowid, columns, payload };
    });
  });
}

function columnsOf(pages: Pages, rowid: number, head: Uint8Array, first: number, end: number): readonly Column[] {
  const columns: Column[] = [];
  let offset = end;
  for (let at = first; at < end; ) {
    const { value: type, end: next } = readVarint(head, at);
    const size = type >= 12 ? Math.floor((type - 12) / 2) : SIZES[type];
    if (size === undefined || next > end) throw wrongRow(pages, rowid, `has a column of no known type (${type})`);
    columns.push({ type, offset, size });
    offset += size;
    at = next;
  }
  return columns;
}

const wrongRow = (pages: Pages, rowid: number, what: string) =>
  damaged(pages.name, "RECORD", 0, `row ${rowid} ${what}`);

/** A column's bytes, read as far as they are asked for; null where it holds anything but bytes. */
export function blobOf({ columns, payload }: Row, index: number): Pieces | null {
  const column = columns[index];
  if (!column || column.type < 12 || column.type % 2 !== 0) return null;
  const { offset, size } = column;
  const own = (held: Uint8Array) => held.subarray(offset);
  const range = (from: number, to: number) => whenHere(payload.range(offset + from, offset + Math.min(to, size)), own);
  return { size, range };
}

/** Texts that are read are names. */
const MAX_TEXT = 64 << 10;
/** What stands further in lies behind more than any row that is read has before its names and numbers. */
const MAX_BEFORE = 1 << 20;

/** A column's text; null where it holds anything else, more than 64 KiB, or stands behind 1 MiB of its row. */
export async function textOf({ columns, payload }: Row, index: number, encoding: Encoding): Promise<string | null> {
  const column = columns[index];
  if (!column || column.type < 13 || column.type % 2 === 0 || column.size > MAX_TEXT) return null;
  if (column.offset > MAX_BEFORE) return null;
  const held = await payload.range(column.offset, column.offset + column.size);
  return new TextDecoder(encoding).decode(held.subarray(column.offset, column.offset + column.size));
}

/** A column's whole number; null where it holds anything else, one past 2^53, or stands behind 1 MiB of its row. */
export async function integerOf({ columns, payload }: Row, index: number): Promise<number | null> {
  const column = columns[index];
  if (!column || column.type === 0 || column.type === 7 || column.type > 9 || column.offset > MAX_BEFORE) return null;
  if (column.size === 0) return column.type - 8;
  const held = await payload.range(column.offset, column.offset + column.size);
  const value = signed(held.subarray(column.offset, column.offset + column.size));
  return Number.isSafeInteger(value) ? value : null;
}

function signed(bytes: Uint8Array): number {
  let value = (bytes[0] ?? 0) >= 0x80 ? -1 : 0;
  for (const byte of bytes) value = value * 256 + byte;
  return value;
}

/**
 * A number of 1 to 9 bytes, 7 bits in each but the ninth, which has 8. One past 2^53 is rounded: it is past every bound
 * that it is held against. What ends too soon reads on as zeros.
 */
export function readVarint(bytes: Uint8Array, at: number): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let count = 0; count < 8; count++) {
    const byte = bytes[at + count] ?? 0;
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return { value, end: at + count + 1 };
  }
  return { value: value * 256 + (bytes[at + 8] ?? 0), end: at + 9 };
}
