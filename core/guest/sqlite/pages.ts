import type { Eventual } from "../../kit/eventual.ts";
import { hasMagic } from "../../kit/magic.ts";
import type { ByteSource } from "../../source/source.ts";
import { Windows } from "../../source/windows.ts";
import { damaged } from "./fault.ts";
import { databaseHeader, MAGIC } from "./layout.ts";
import type { Overlay } from "./overlay.ts";
import { readRollback } from "./rollback.ts";
import { readWal } from "./wal.ts";

/** What lies beside a database, where it does. */
export interface Logs {
  /** `-wal` */
  readonly ahead?: ByteSource | null;
  /** `-journal` */
  readonly rollback?: ByteSource | null;
}

/** A database's pages by their number from 1 on, as its last commit left them. */
export interface Pages {
  readonly name: string;
  readonly count: number;
  /** Bytes of a page that hold content. */
  readonly usable: number;
  readonly encoding: Encoding;
  /** Throws `E_SQLITE_PAGE` for one that is not there. It holds until the next one is asked for, and must not be changed. */
  page(number: number): Eventual<Uint8Array>;
  /** The 32 bits that a page begins with, where it was read already and no log has another; else undefined. */
  start(number: number): number | undefined;
}

export type Encoding = "utf-8" | "utf-16le" | "utf-16be";
const ENCODINGS: readonly Encoding[] = ["utf-8", "utf-8", "utf-16le", "utf-16be"];

/** Bytes read at once, and how many such are kept: a table's pages lie mostly one behind the other. */
const WINDOW = 256 << 10;
const WINDOWS = 2;

/** Throws `E_SQLITE_HEADER` and what the logs throw. */
export async function openPages(file: ByteSource, { ahead = null, rollback = null }: Logs): Promise<Pages> {
  const { name } = file;
  const undone = rollback && (await readRollback(rollback));
  const pageSize = undone?.pageSize ?? (await readHeader(file, 0)).pageSize;
  const layers = [ahead && layer(ahead, await readWal(ahead, pageSize)), rollback && undone && layer(rollback, undone)];
  const over = layers.filter((each) => each !== null);
  // A database that was just made has its header in the log alone.
  const first = over.find(({ places }) => places.has(1));
  const header = await readHeader(first?.source ?? file, first?.places.get(1) ?? 0);
  if (header.pageSize !== pageSize) throw damaged(name, "HEADER", 16, "its log has pages of another size");
  const inFile = Math.floor(file.size / pageSize);
  const count = over.find(({ pages }) => pages !== null)?.pages ?? header.pages ?? inFile;
  const windows = over.map(({ places, source }) => ({ places, own: new Windows(source, WINDOW, WINDOWS) }));
  const own = new Windows(file, WINDOW, WINDOWS);
  const page = (number: number) => {
    const offset = (number - 1) * pageSize;
    if (number < 1 || number > count) throw damaged(name, "PAGE", offset, `page ${number} of ${count} is asked for`);
    for (const each of windows) {
      const place = each.places.get(number);
      if (place !== undefined) return each.own.read(place, pageSize);
    }
    if (number > inFile) throw damaged(name, "PAGE", offset, `page ${number} is cut off: it ends at ${file.size}`);
    return own.read(offset, pageSize);
  };
  const start = (number: number) => {
    const isOwn = over.length === 0 && number >= 1 && number <= count && number <= inFile;
    const place = isOwn ? own.place((number - 1) * pageSize, 4) : -1;
    return place < 0 ? undefined : own.view.getUint32(place);
  };
  return { name, count, start, usable: pageSize - header.reserved, encoding: header.encoding, page };
}

const layer = (source: ByteSource, { places, pages }: Overlay) => ({ source, places, pages });

async function readHeader(source: ByteSource, offset: number) {
  const wrong = (at: number, what: string) => damaged(source.name, "HEADER", offset + at, what);
  if (source.size < offset + databaseHeader.size) throw wrong(0, `it has only ${source.size} bytes`);
  const head = await source.read(offset, databaseHeader.size);
  if (!hasMagic(head, 0, MAGIC)) throw wrong(0, "it does not begin as one");
  const header = databaseHeader.decode(head);
  const { readVersion, reserved, encoding } = header;
  const pageSize = header.pageSize === 1 ? 65_536 : header.pageSize;
  const isPower = pageSize >= 512 && (pageSize & (pageSize - 1)) === 0;
  // At least 480 bytes of a page are for content.
  if (!isPower || pageSize - reserved < 480) {
    throw wrong(16, `it has pages of ${pageSize} bytes, ${reserved} of them reserved`);
  }
  if (readVersion > 2) throw wrong(19, `its read version, ${readVersion}, is not known`);
  const text = ENCODINGS[encoding];
  if (!text) throw wrong(56, `its text encoding, ${encoding}, is not known`);
  const counts = header.pages > 0 && header.changeCounter === header.validFor;
  return { pageSize, reserved, encoding: text, pages: counts ? header.pages : null };
}
