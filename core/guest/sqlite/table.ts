import type { Eventual } from "../../kit/eventual.ts";
import type { Pieces } from "../pieces.ts";
import { damaged } from "./fault.ts";
import { databaseHeader, INTERIOR_TABLE, LEAF_TABLE } from "./layout.ts";
import type { Pages } from "./pages.ts";
import { localSize, type Reading, readingOf } from "./payload.ts";
import { parseRecord, type Row, readVarint } from "./record.ts";

/** The deepest tree of the largest database there can be has 20 levels. */
const MAX_DEPTH = 20;
/** Bytes of the largest pages there are. */
const MAX_PAGE = 65_536;

/** Is shown a row, which holds until the next: nothing waits that need not, as a table may have a million. False ends it. */
export type Visit = (row: Row) => Eventual<unknown>;

/**
 * Shows the rows of the table whose b-tree begins at page `root`, by their rowid. Throws `E_SQLITE_*`: rows are all there or
 * refused.
 */
export async function eachRow(pages: Pages, root: number, visit: Visit): Promise<void> {
  const seen = new Set<number>();
  const todo = [{ number: root, depth: 0 }];
  const reading = readingOf(pages);
  const held = new Uint8Array(MAX_PAGE);
  let last = Number.NEGATIVE_INFINITY;
  for (let next = todo.pop(); next; next = todo.pop()) {
    const { number, depth } = next;
    if (seen.has(number) || depth > MAX_DEPTH) {
      throw damaged(pages.name, "TREE", 0, `page ${number} is met again, or deeper than any tree goes`);
    }
    seen.add(number);
    const found = pages.page(number);
    const page = copied(found instanceof Promise ? await found : found, held);
    const { children, cells } = parseNode(pages, number, page);
    for (const child of children.reverse()) todo.push({ number: child, depth: depth + 1 });
    let taken = 0;
    for (const at of cells) {
      const { rowid, size, payload } = parseCell(reading, page, at);
      taken += size;
      if (rowid <= last) throw damaged(pages.name, "ORDER", 0, `row ${rowid} follows row ${last}`);
      if (taken > pages.usable) throw damaged(pages.name, "CELL", 0, `rows of page ${number} lie over one another`);
      last = rowid;
      const row = parseRecord(pages, rowid, payload);
      const answer = visit(row instanceof Promise ? await row : row);
      if ((answer instanceof Promise ? await answer : answer) === false) return;
    }
  }
}

/** What is read of its rows asks for other pages, and a page holds only until then. */
function copied(page: Uint8Array, held: Uint8Array): Uint8Array {
  held.set(page);
  return held.subarray(0, page.length);
}

interface Cell {
  readonly rowid: number;
  /** Bytes of it in its page. */
  readonly size: number;
  readonly payload: Pieces;
}

interface Node {
  /** Numbers of the pages below it, in order; none of a leaf. */
  readonly children: number[];
  /** Where a leaf's cells begin in the page. */
  readonly cells: readonly number[];
}

/** The first page has the database's header before its own. */
function parseNode({ name, usable }: Pages, number: number, page: Uint8Array): Node {
  const view = new DataView(page.buffer, page.byteOffset, page.length);
  const start = number === 1 ? databaseHeader.size : 0;
  const type = view.getUint8(start);
  if (type !== LEAF_TABLE && type !== INTERIOR_TABLE) {
    throw damaged(name, "PAGE", 0, `page ${number} is of type ${type}, and no part of a table`);
  }
  const count = view.getUint16(start + 3);
  const table = start + (type === LEAF_TABLE ? 8 : 12);
  const end = table + 2 * count;
  if (end > usable) throw damaged(name, "PAGE", 0, `page ${number} has ${count} cells, more than fit`);
  const places: number[] = [];
  for (let at = table; at < end; at += 2) places.push(view.getUint16(at));
  const outside = places.find((at) => at < end || at + 4 > usable);
  if (outside !== undefined) throw damaged(name, "PAGE", 0, `page ${number} has a cell at ${outside}`);
  if (type === LEAF_TABLE) return { children: [], cells: places };
  return { children: [...places.map((at) => view.getUint32(at)), view.getUint32(start + 8)], cells: [] };
}

function parseCell(reading: Reading, page: Uint8Array, at: number): Cell {
  const { name, usable } = reading.pages;
  const size = readVarint(page, at);
  const id = readVarint(page, size.end);
  const local = localSize(size.value, usable);
  const start = id.end;
  const isWhole = local === size.value;
  const end = start + local + (isWhole ? 0 : 4);
  if (size.value > MAX_ROW || end > usable) {
    throw damaged(name, "CELL", 0, `row ${id.value} has ${size.value} bytes, and its page no room for its start`);
  }
  const chain = isWhole ? 0 : new DataView(page.buffer, page.byteOffset).getUint32(end - 4);
  const payload = reading.payload.begin(size.value, page.subarray(start, start + local), chain);
  return { rowid: id.value, size: end - at, payload };
}

/** SQLite's own bound: a row has up to a billion bytes. */
const MAX_ROW = 1_000_000_000;
