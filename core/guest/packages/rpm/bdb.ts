/** The hash of Berkeley DB that rpm kept until 4.16, `Packages`: db_page.h and hash.h of libdb 5.3. */
import { struct, u8, u16, u32 } from "../../../kit/struct.ts";
import type { ByteSource } from "../../../source/source.ts";
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

interface Database {
  readonly file: ByteSource;
  readonly pageSize: number;
  readonly pages: number;
  readonly structs: Structs;
}

/** The headers, by the pages that they stand on. Throws `E_RPM_BDB`. */
export async function* bdbHeaders(file: ByteSource): AsyncGenerator<Blob> {
  const database = await openHash(file);
  for (let number = 1; number < database.pages; number++) {
    const page = await readPage(database, number);
    if (!HASH_PAGES.includes(database.structs.page.decode(page).type)) continue;
    for (const { key, value } of pairs(database, page, number)) {
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
  return { file, pageSize, pages, structs: found };
}

async function readPage({ file, pageSize }: Database, number: number): Promise<Uint8Array> {
  return file.read(number * pageSize, pageSize);
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
    return { size: value.length, upTo: async () => value };
  }
  if (kind !== OFF || item.length < database.structs.offPage.size) {
    throw damaged(database.file.name, "BDB", 0, `a value is of kind ${kind}, which is not known`);
  }
  const { page, length } = database.structs.offPage.decode(item);
  return overflow(database, page, length);
}

/** A value of `size` bytes in a chain of pages. */
function overflow(database: Database, first: number, size: number): Blob {
  const {
    file,
    pageSize,
    pages,
    structs: { page: head },
  } = database;
  const parts: Uint8Array[] = [];
  let [filled, next] = [0, first];
  const grow = async () => {
    const wrong = (what: string) => damaged(file.name, "BDB", next * pageSize, `a value of ${size} bytes ${what}`);
    if (next === 0 || next >= pages || parts.length >= pages) throw wrong(`breaks off after ${filled}`);
    const page = await readPage(database, next);
    const { type, used, next: after } = head.decode(page);
    if (type !== OVERFLOW || used === 0 || HEAD + used > pageSize)
      throw wrong(`goes on at page ${next}, which is none of it`);
    parts.push(page.subarray(HEAD, HEAD + Math.min(used, size - filled)));
    [filled, next] = [filled + Math.min(used, size - filled), after];
  };
  let held = new Uint8Array(0);
  return {
    size,
    upTo: async (length) => {
      while (filled < Math.min(length, size)) await grow();
      if (held.length < filled) held = joined(parts, filled);
      return held;
    },
  };
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
