import { damaged } from "./fault.ts";
import { databaseHeader, INTERIOR_TABLE, LEAF_TABLE } from "./layout.ts";
import type { Pages } from "./pages.ts";
import { localSize, makePayload, type Payload } from "./payload.ts";
import { parseRecord, type Row, readVarint } from "./record.ts";

/** The deepest tree of the largest database there can be has 20 levels. */
const MAX_DEPTH = 20;

/** Rows of the table whose b-tree begins at page `root`, by their rowid. Throws `E_SQLITE_*`: rows are all there or refused. */
export async function* rows(pages: Pages, root: number): AsyncGenerator<Row> {
  const seen = new Set<number>();
  let last = Number.NEGATIVE_INFINITY;
  for await (const { rowid, payload } of cells(pages, root, seen, 0)) {
    if (rowid <= last) throw damaged(pages.name, "ORDER", 0, `row ${rowid} follows row ${last}`);
    last = rowid;
    yield await parseRecord(pages, rowid, payload);
  }
}

interface Cell {
  readonly rowid: number;
  readonly payload: Payload;
}

async function* cells(pages: Pages, number: number, seen: Set<number>, depth: number): AsyncGenerator<Cell> {
  if (seen.has(number) || depth > MAX_DEPTH) {
    throw damaged(pages.name, "TREE", 0, `page ${number} is met again, or deeper than any tree goes`);
  }
  seen.add(number);
  const page = await pages.page(number);
  const node = parseNode(pages, number, page);
  if (node.type === LEAF_TABLE) {
    for (const at of node.places) yield parseCell(pages, page, at);
    return;
  }
  const view = new DataView(page.buffer, page.byteOffset);
  for (const at of node.places) yield* cells(pages, view.getUint32(at), seen, depth + 1);
  yield* cells(pages, node.last, seen, depth + 1);
}

interface Node {
  readonly type: number;
  /** Where its cells begin in the page. */
  readonly places: readonly number[];
  /** Of an interior page, the child behind all cells. */
  readonly last: number;
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
  return { type, places, last: type === INTERIOR_TABLE ? view.getUint32(start + 8) : 0 };
}

function parseCell(pages: Pages, page: Uint8Array, at: number): Cell {
  const size = readVarint(page, at);
  const id = readVarint(page, size.end);
  const local = localSize(size.value, pages.usable);
  const end = id.end + local;
  const isWhole = local === size.value;
  if (size.value > MAX_ROW || end + (isWhole ? 0 : 4) > pages.usable) {
    throw damaged(pages.name, "CELL", 0, `row ${id.value} has ${size.value} bytes, and its page no room for its start`);
  }
  const next = isWhole ? 0 : new DataView(page.buffer, page.byteOffset).getUint32(end);
  return { rowid: id.value, payload: makePayload(pages, size.value, page.subarray(id.end, end), next) };
}

/** SQLite's own bound: a row has up to a billion bytes. */
const MAX_ROW = 1_000_000_000;
