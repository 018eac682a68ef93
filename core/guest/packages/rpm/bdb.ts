/** The hash of Berkeley DB that rpm kept until 4.16, `Packages`: db_page.h and hash.h of libdb 5.3. */
import type { Eventual } from "../../../kit/eventual.ts";
import { struct, u8, u16, u32 } from "../../../kit/struct.ts";
import type { ByteSource } from "../../../source/source.ts";
import { Windows } from "../../../source/windows.ts";
import type { Blob } from "./blob.ts";
import { damaged } from "./fault.ts";

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
};
const PAGE = { number: u32(8), next: u32(16), entries: u16(20), used: u16(22), type: u8(25) };
/** A value that lies in pages of its own. */
const OFF_PAGE = { type: u8(0), page: u32(4), length: u32(8) };
const HEAD = 26;

const structs = (endian: "little" | "big") => ({
  little: endian === "little",
  meta: struct("DBMETA", endian, 72, META),
  page: struct("PAGE", endian, HEAD, PAGE),
  offPage: struct("HOFFPAGE", endian, 12, OFF_PAGE),
});
type Structs = ReturnType<typeof structs>;

const HASH_META = 8;
/** Pages that hold keys and values: unsorted before 4.6, sorted since. */
const HASH_PAGES: readonly number[] = [2, 13];
const OVERFLOW = 7;
const IN_PAGE = 1;
const OFF = 3;

/** Bytes read at once, and how many such are kept: a value lies in one piece mostly, and the next one elsewhere. */
const WINDOW = 32 << 10;
const WINDOWS = 16;

interface Database {
  readonly file: ByteSource;
  readonly windows: Windows;
  readonly pageSize: number;
  readonly pages: number;
  readonly structs: Structs;
  /** Memory of one value after the other. */
  scratch: Uint8Array;
}

/** The headers, by the pages that they stand on: each holds until the next is asked for. Throws `E_RPM_BDB`. */
export async function* bdbHeaders(file: ByteSource): AsyncGenerator<Blob> {
  const database = await openHash(file);
  for (let number = 1; number < database.pages; number++) {
    const found = readPage(database, number);
    const page = found instanceof Promise ? await found : found;
    if (!HASH_PAGES.includes(page[PAGE.type.offset] ?? 0)) continue;
    // Values in pages of their own are read while this one is looked at.
    for (const { key, value } of pairs(database, page.slice(), number)) {
      // Under the number 0 stands the last number that was given.
      if (key.every((byte) => byte === 0)) continue;
      yield blobOf(database, value);
    }
  }
}

async function openHash(file: ByteSource): Promise<Database> {
  const wrong = (what: string) => damaged(file.name, "BDB", 0, what);
  if (file.size < 512) throw wrong(`it has only ${file.size} bytes`);
  const head = await file.read(0, 512);
  const found = ([structs("little"), structs("big")] as const).find(
    (each) => each.meta.decode(head).magic === HASH_MAGIC,
  );
  if (!found) throw wrong("it does not begin as a hash of Berkeley DB");
  const { version, pageSize, encryption, type, lastPage } = found.meta.decode(head);
  if (version < OLDEST || version > NEWEST || type !== HASH_META) throw wrong(`version ${version} is not known`);
  if (encryption !== 0) throw wrong("it is encrypted");
  if (pageSize < 512 || pageSize > 65_536 || (pageSize & (pageSize - 1)) !== 0)
    throw wrong(`it has pages of ${pageSize} bytes`);
  const pages = lastPage + 1;
  if (pages * pageSize > file.size)
    throw wrong(`it is cut off: it has ${file.size} bytes, and ${pages} pages of ${pageSize}`);
  return {
    file,
    windows: new Windows(file, WINDOW, WINDOWS),
    pageSize,
    pages,
    structs: found,
    scratch: new Uint8Array(0),
  };
}

/** It holds until the next one is asked for. */
function readPage({ windows, pageSize }: Database, number: number): Eventual<Uint8Array> {
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

function blobOf(database: Database, item: Uint8Array): Blob {
  const [kind] = item;
  if (kind === IN_PAGE) {
    const value = item.subarray(1);
    return { size: value.length, upTo: () => value };
  }
  if (kind !== OFF || item.length < database.structs.offPage.size) {
    throw damaged(database.file.name, "BDB", 0, `a value is of kind ${kind}, which is not known`);
  }
  const { page, length } = database.structs.offPage.decode(item);
  return overflow(database, page, length);
}

/** A value of `size` bytes in a chain of pages. */
function overflow(database: Database, first: number, size: number): Blob {
  const { file, pageSize, pages, structs } = database;
  let [filled, next, steps] = [0, first, 0];
  const wrong = (what: string) => damaged(file.name, "BDB", next * pageSize, `a value of ${size} bytes ${what}`);
  const grow = (page: Uint8Array) => {
    const { type, used, next: after } = structs.page.decode(page);
    if (type !== OVERFLOW || used === 0 || HEAD + used > pageSize)
      throw wrong(`goes on at page ${next}, which is none of it`);
    const piece = page.subarray(HEAD, HEAD + Math.min(used, size - filled));
    keep(database, filled, piece);
    [filled, next] = [filled + piece.length, after];
  };
  const upTo = (length: number): Eventual<Uint8Array> => {
    while (filled < Math.min(length, size)) {
      if (next === 0 || next >= pages || ++steps > pages) throw wrong(`breaks off after ${filled}`);
      const page = readPage(database, next);
      if (page instanceof Promise) {
        return page.then((here) => {
          grow(here);
          return upTo(length);
        });
      }
      grow(page);
    }
    return database.scratch.subarray(0, filled);
  };
  return { size, upTo };
}

function keep(database: Database, at: number, piece: Uint8Array): void {
  const { scratch } = database;
  if (at + piece.length > scratch.length) {
    database.scratch = new Uint8Array(2 * (at + piece.length));
    database.scratch.set(scratch.subarray(0, at));
  }
  database.scratch.set(piece, at);
}
