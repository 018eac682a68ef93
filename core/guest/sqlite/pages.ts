import { Lru } from "../../kit/lru.ts";
import { hasMagic } from "../../kit/magic.ts";
import type { ByteSource } from "../../source/source.ts";
import { damaged } from "./fault.ts";
import { databaseHeader, MAGIC } from "./layout.ts";
import { readWal, type Wal } from "./wal.ts";

/** A database's pages by their number from 1 on, as its last commit left them. */
export interface Pages {
  readonly name: string;
  readonly count: number;
  /** Bytes of a page that hold content. */
  readonly usable: number;
  readonly encoding: Encoding;
  /** Throws `E_SQLITE_PAGE` for one that is not there. The caller must not change it. */
  page(number: number): Uint8Array | Promise<Uint8Array>;
}

export type Encoding = "utf-8" | "utf-16le" | "utf-16be";
const ENCODINGS: readonly Encoding[] = ["utf-8", "utf-8", "utf-16le", "utf-16be"];

/** Bytes read at once, and how many such are kept: a table's pages lie mostly one behind the other. */
const WINDOW = 256 << 10;
const WINDOWS = 8;

/** Throws `E_SQLITE_HEADER` and what the log throws. */
export async function openPages(file: ByteSource, log: ByteSource | null): Promise<Pages> {
  const { name } = file;
  const stored = await readHeader(file, 0);
  const { pageSize } = stored;
  const wal: Wal = log ? await readWal(log, pageSize) : { places: new Map(), pages: null };
  const first = wal.places.get(1);
  // A database that was just made has its header in the log alone.
  const header = log && first !== undefined ? await readHeader(log, first) : stored;
  if (header.pageSize !== pageSize) throw damaged(name, "HEADER", 16, "its log has pages of another size");
  const inFile = Math.floor(file.size / pageSize);
  const count = wal.pages ?? header.pages ?? inFile;
  const own = new Windows(file, pageSize);
  const logged = log && new Windows(log, pageSize);
  const page = (number: number) => {
    const offset = (number - 1) * pageSize;
    const place = wal.places.get(number);
    if (number < 1 || number > count) throw damaged(name, "PAGE", offset, `page ${number} of ${count} is asked for`);
    if (logged && place !== undefined) return logged.read(place);
    if (number > inFile) throw damaged(name, "PAGE", offset, `page ${number} is cut off: it ends at ${file.size}`);
    return own.read(offset);
  };
  return { name, count, usable: pageSize - header.reserved, encoding: header.encoding, page };
}

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

/** Reads pages by the stretch of the file that they lie in. */
class Windows {
  readonly #source: ByteSource;
  readonly #pageSize: number;
  readonly #held = new Lru<number, Uint8Array>(WINDOWS);

  constructor(source: ByteSource, pageSize: number) {
    this.#source = source;
    this.#pageSize = pageSize;
  }

  /** The page at a byte offset. A log's pages may lie across two windows. */
  read(offset: number): Uint8Array | Promise<Uint8Array> {
    const start = offset - (offset % WINDOW);
    const inner = offset - start;
    if (inner + this.#pageSize > WINDOW) return this.#source.read(offset, this.#pageSize);
    const held = this.#held.get(start);
    return held ? held.subarray(inner, inner + this.#pageSize) : this.#load(start, inner);
  }

  async #load(start: number, inner: number): Promise<Uint8Array> {
    const window = await this.#source.read(start, Math.min(WINDOW, this.#source.size - start));
    this.#held.set(start, window);
    return window.subarray(inner, inner + this.#pageSize);
  }
}
