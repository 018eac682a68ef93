/** Databases of rpm of a test's own making, as lib/backend/ndb/rpmpkg.c and libdb's db_page.h lay them out. */
const { byteLength } = Buffer;

/** Values of a header by their tag: text, or a number of 32 bits. */
export type Tags = Readonly<Record<number, string | number>>;

const STRING = 6;
const INT32 = 4;

/** A package's header as databases keep it: without the magic that it has in a file. Its values stand in this order. */
export function makeHeader(tags: Tags, order: readonly number[] = Object.keys(tags).map(Number)): Buffer {
  const entries = order.map((tag) => [tag, tags[tag] ?? ""] as const);
  const index = Buffer.alloc(16 * entries.length);
  const values: Buffer[] = [];
  let offset = 0;
  for (const [at, [tag, value]] of entries.entries()) {
    const pad = typeof value === "number" ? (4 - (offset % 4)) % 4 : 0;
    values.push(Buffer.alloc(pad), bytesOf(value));
    index.writeUInt32BE(tag, 16 * at);
    index.writeUInt32BE(typeof value === "number" ? INT32 : STRING, 16 * at + 4);
    index.writeUInt32BE(offset + pad, 16 * at + 8);
    index.writeUInt32BE(1, 16 * at + 12);
    offset += pad + (typeof value === "number" ? 4 : byteLength(value) + 1);
  }
  const intro = Buffer.alloc(8);
  intro.writeUInt32BE(entries.length, 0);
  intro.writeUInt32BE(offset, 4);
  return Buffer.concat([intro, index, ...values]);
}

function bytesOf(value: string | number): Buffer {
  if (typeof value === "string") return Buffer.from(`${value}\0`);
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

const BLOCK = 16;
const SLOT_PAGE = 4096;

/** Packages.db: slots, one of them free, then the blobs, each with its head and tail. */
export function makeNdb(headers: readonly Buffer[]): Buffer {
  const pages = Math.ceil((32 + 16 * (headers.length + 1)) / SLOT_PAGE);
  const slots = Buffer.alloc(pages * SLOT_PAGE);
  slots.write("RpmP");
  slots.writeUInt32LE(1, 8);
  slots.writeUInt32LE(pages, 12);
  for (let at = 32; at < slots.length; at += 16) slots.write("Slot", at);
  const blobs: Buffer[] = [];
  let block = slots.length / BLOCK;
  for (const [index, header] of headers.entries()) {
    const blob = ndbBlob(index + 1, header);
    // The second slot stays free, as one of a package that is gone.
    const slot = 32 + 16 * (index < 1 ? index : index + 1);
    slots.writeUInt32LE(index + 1, slot + 4);
    slots.writeUInt32LE(block, slot + 8);
    slots.writeUInt32LE(blob.length / BLOCK, slot + 12);
    blobs.push(blob);
    block += blob.length / BLOCK;
  }
  return Buffer.concat([slots, ...blobs]);
}

function ndbBlob(index: number, header: Buffer): Buffer {
  const size = Math.ceil((16 + header.length + 12) / BLOCK) * BLOCK;
  const blob = Buffer.alloc(size);
  blob.write("BlbS");
  blob.writeUInt32LE(index, 4);
  blob.writeUInt32LE(1, 8);
  blob.writeUInt32LE(header.length, 12);
  header.copy(blob, 16);
  blob.writeUInt32LE(header.length, size - 8);
  blob.write("BlbE", size - 4);
  return blob;
}
