/** The hash of Berkeley DB that rpm kept until 4.16, `Packages`: db_page.h and hash.h of libdb 5.3. */
import type { Eventual } from "../../../kit/eventual.ts";
import { struct, u8, u16, u32 } from "../../../kit/struct.ts";
import type { ByteSource } from "../../../source/source.ts";
import { Windows } from "../../../source/windows.ts";
import { type Chain, ChainedPieces } from "../../pieces.ts";
import { MAX_PACKAGES } from "../package.ts";
import { damaged } from "./fault.ts";
import type { Visit } from "./header.ts";

const HASH_MAGIC = 0x061561;
const OLDEST = 8;
const NEWEST = 10;

const META = {
  magic: u32(12),
  version: u32(16),
  pageSize: u32(20),
  encryption: u8(24),
  type: u8(25),
  lastPage: u32(32),
  /** Of the last bucket. */
  maxBucket: u32(72),
};
/** In the first page: what is added to a bucket's number to have its page's, for each doubling of their count. */
const SPARES = { offset: 96, count: 32 };
const PAGE = { number: u32(8), next: u32(16), entries: u16(20), used: u16(22), type: u8(25) };
/** A value that lies in pages of its own. */
const OFF_PAGE = { type: u8(0), page: u32(4), length: u32(8) };
const HEAD = 26;

const structs = (endian: "little" | "big") => ({
  little: endian === "little",
  meta: struct("HMETA", endian, 76, META),
  page: struct("PAGE", endian, HEAD, PAGE),
  offPage: struct("HOFFPAGE", endian, 12, OFF_PAGE),
});
type Structs = ReturnType<typeof structs>;

const HASH_META = 8;
/** A page that was never written to, or is free. */
const UNUSED = 0;
/** Pages that hold keys and values: unsorted before 4.6, sorted since. */
const HASH_PAGES: readonly number[] = [2, 13];
const OVERFLOW = 7;
const IN_PAGE = 1;
const OFF = 3;

/** Several times what the largest archive there is would take. */
const MAX_PAGES = 1 << 22;
const MAX_SIZE = 8 * 2 ** 30;

/** Bytes read at once, and how many such are kept: values lie mostly one behind the other. */
const WINDOW = 256 << 10;
const WINDOWS = 4;

interface Database {
  readonly file: ByteSource;
  readonly windows: Windows;
  readonly pageSize: number;
  /** How many there are. */
  readonly pages: number;
  readonly maxBucket: number;
  /** By the power of two that a bucket's number is below. */
  readonly spares: readonly number[];
  readonly structs: Structs;
  /** Pages that may still be read: each belongs to one bucket, or to one value. */
  left: number;
}

/** Shows the headers, as they lie in the file: bucket by bucket they would lie here and there. Throws `E_RPM_BDB`. */
export async function eachOfBdb(file: ByteSource, visit: Visit): Promise<void> {
  const database = await openHash(file);
  const blob = new ChainedPieces(new OffPage(database));
  const apart: Apart[] = [];
  for (let bucket = 0; bucket <= database.maxBucket; bucket++) {
    for (let number = pageOf(database, bucket); number !== 0; ) {
      const found = readPage(database, number);
      // Values in pages of their own are read while this one is looked at.
      const page = (found instanceof Promise ? await found : found).slice();
      const { type, next } = database.structs.page.decode(page);
      if (type === UNUSED) break;
      if (!HASH_PAGES.includes(type))
        throw damaged(file.name, "BDB", number * database.pageSize, `page ${number} is of type ${type}`);
      for (const { key, value } of pairs(database, page, number)) {
        // Under the number 0 stands the last number that was given.
        if (key.every((byte) => byte === 0)) continue;
        if (value[0] === IN_PAGE) await visit(blob.begin(value.length - 1, value.subarray(1), 0));
        else apart.push(apartOf(database, value));
      }
      if (apart.length > MAX_PACKAGES) throw damaged(file.name, "BDB", 0, `it has more than ${MAX_PACKAGES} values`);
      number = next;
    }
  }
  for (const { page, length } of apart.sort((a, b) => a.page - b.page)) await visit(blob.begin(length, NOTHING, page));
}

/** Where a value begins that lies in pages of its own, and its bytes. */
type Apart = { readonly page: number; readonly length: number };

function apartOf({ file, structs }: Database, item: Uint8Array): Apart {
  const [kind] = item;
  if (kind !== OFF || item.length < structs.offPage.size) {
    throw damaged(file.name, "BDB", 0, `a value is of kind ${kind}, which is not known`);
  }
  const { page, length } = structs.offPage.decode(item);
  return { page, length };
}

async function openHash(file: ByteSource): Promise<Database> {
  const wrong = (what: string) => damaged(file.name, "BDB", 0, what);
  if (file.size < 512) throw wrong(`it has only ${file.size} bytes`);
  const head = await file.read(0, 512);
  const found = ([structs("little"), structs("big")] as const).find(
    (each) => each.meta.decode(head).magic === HASH_MAGIC,
  );
  if (!found) throw wrong("it does not begin as a hash of Berkeley DB");
  const { version, pageSize, encryption, type, lastPage, maxBucket } = found.meta.decode(head);
  if (version < OLDEST || version > NEWEST || type !== HASH_META) throw wrong(`version ${version} is not known`);
  if (encryption !== 0) throw wrong("it is encrypted");
  if (pageSize < 512 || pageSize > 65_536 || (pageSize & (pageSize - 1)) !== 0)
    throw wrong(`it has pages of ${pageSize} bytes`);
  const pages = lastPage + 1;
  if (pages * pageSize > file.size)
    throw wrong(`it is cut off: it has ${file.size} bytes, and ${pages} pages of ${pageSize}`);
  if (pages > MAX_PAGES || pages * pageSize > MAX_SIZE) throw wrong(`it has ${pages} pages of ${pageSize}`);
  if (maxBucket >= pages) throw wrong(`it has ${maxBucket + 1} buckets in ${pages} pages`);
  return {
    file,
    windows: new Windows(file, WINDOW, WINDOWS),
    ...{ pageSize, pages, structs: found },
    maxBucket,
    spares: sparesIn(head, found.little),
    left: pages,
  };
}

function sparesIn(head: Uint8Array, little: boolean): readonly number[] {
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  return Array.from({ length: SPARES.count }, (_, power) => view.getUint32(SPARES.offset + 4 * power, little));
}

/** BS_TO_PAGE of hash.h. */
const pageOf = ({ spares }: Database, bucket: number): number => bucket + (spares[32 - Math.clz32(bucket)] ?? 0);

/** It holds until the next one is asked for. */
function readPage(database: Database, number: number): Eventual<Uint8Array> {
  const { file, windows, pageSize, pages } = database;
  if (number >= pages) throw damaged(file.name, "BDB", 0, `page ${number} of ${pages} is asked for`);
  if (database.left-- <= 0) throw damaged(file.name, "BDB", number * pageSize, "its pages are met more than once");
  return windows.read(number * pageSize, pageSize);
}

interface Pair {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** Items grow from the page's end downwards; each begins with its kind, and ends where the one before it begins. */
function pairs(
  { file, pageSize, structs: { page: head, little } }: Database,
  page: Uint8Array,
  number: number,
): readonly Pair[] {
  const wrong = (what: string) => damaged(file.name, "BDB", number * pageSize, `page ${number} ${what}`);
  const view = new DataView(page.buffer, page.byteOffset, page.length);
  const { entries } = head.decode(page);
  if (HEAD + 2 * entries > pageSize || entries % 2 !== 0) throw wrong(`has ${entries} entries`);
  const items: Uint8Array[] = [];
  let end = pageSize;
  for (let index = 0; index < entries; index++) {
    const start = view.getUint16(HEAD + 2 * index, little);
    if (start < HEAD + 2 * entries || start >= end) throw wrong(`has an item at ${start}`);
    items.push(page.subarray(start, end));
    end = start;
  }
  const found: Pair[] = [];
  for (let index = 0; index < items.length; index += 2) {
    const [key, value] = [items[index], items[index + 1]];
    if (!key || !value || key[0] !== IN_PAGE) throw wrong("has a key that is none");
    found.push({ key: key.subarray(1), value });
  }
  return found;
}

const NOTHING = new Uint8Array(0);

/** A value in a chain of pages, from the one on that its item names. */
class OffPage implements Chain {
  readonly #database: Database;
  #number = 0;

  constructor(database: Database) {
    this.#database = database;
  }

  begin(number: number): void {
    this.#number = number;
  }

  next(at: number): Eventual<Uint8Array> {
    const { file } = this.#database;
    if (this.#number === 0) throw damaged(file.name, "BDB", 0, `a value breaks off after ${at} bytes`);
    const page = readPage(this.#database, this.#number);
    return page instanceof Promise ? page.then((here) => this.#content(here)) : this.#content(page);
  }

  #content(page: Uint8Array): Uint8Array {
    const view = new DataView(page.buffer, page.byteOffset, page.length);
    const used = this.#used(view, 0);
    this.#number = view.getUint32(PAGE.next.offset, this.#database.structs.little);
    return page.subarray(HEAD, HEAD + used);
  }

  /** How much of the value lies in the page at `at`. */
  #used(view: DataView, at: number): number {
    const { file, pageSize, structs } = this.#database;
    const used = view.getUint16(at + PAGE.used.offset, structs.little);
    if (view.getUint8(at + PAGE.type.offset) !== OVERFLOW || used === 0 || HEAD + used > pageSize) {
      throw damaged(file.name, "BDB", this.#number * pageSize, `page ${this.#number} is none of a value`);
    }
    return used;
  }

  /** Pages that were read already are passed over by their heads. */
  skip(from: number, wanted: number): number {
    const { windows, pageSize, pages, structs } = this.#database;
    let at = from;
    while (this.#number !== 0 && this.#number < pages && this.#database.left > 0) {
      const place = windows.place(this.#number * pageSize, pageSize);
      const end = place < 0 ? wanted + 1 : at + this.#used(windows.view, place);
      if (end > wanted) break;
      at = end;
      this.#number = windows.view.getUint32(place + PAGE.next.offset, structs.little);
      this.#database.left--;
    }
    return at;
  }
}
