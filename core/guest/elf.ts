import type { ByteSource } from "../source/source.ts";

/** Sections of the largest programs are some dozens; their names take some KiB. */
const [MAX_SECTIONS, MAX_NAMES] = [4096, 1 << 20];
/** Sections that are read tell of modules: those of the largest programs have some hundred KiB. */
const LARGEST = 8 << 20;

/** Where a file of ELF keeps its numbers (gabi, "Section Header"), by its class. */
const WIDE = { table: 0x28, entry: 0x3a, offset: 0x18, size: 0x20, least: 64 } as const;
const NARROW = { table: 0x20, entry: 0x2e, offset: 0x10, size: 0x14, least: 40 } as const;
const HEAD = 64;

/**
 * Sections of a program by these names; null for what is no ELF file, and for one whose table is not whole: whatever
 * lies in a folder of programs may be anything.
 */
export async function readElfSections(
  source: ByteSource,
  names: readonly string[],
): Promise<ReadonlyMap<string, Uint8Array> | null> {
  if (source.size < HEAD) return null;
  const head = await source.read(0, HEAD);
  if (head[0] !== 0x7f || head[1] !== 0x45 || head[2] !== 0x4c || head[3] !== 0x46) return null;
  const table = await readTable(source, head);
  if (!table) return null;
  const found = new Map<string, Uint8Array>();
  for (const { name, offset, size } of table) {
    // Of several of one name the first: thousands may lie over one another.
    if (!names.includes(name) || found.has(name) || size > LARGEST || offset + size > source.size) continue;
    found.set(name, await source.read(offset, size));
  }
  return found;
}

interface Section {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
}

async function readTable(source: ByteSource, head: Uint8Array): Promise<readonly Section[] | null> {
  const is64 = head[4] === 2;
  const little = head[5] === 1;
  const places = is64 ? WIDE : NARROW;
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  const number = (of: DataView, at: number) => (is64 ? Number(of.getBigUint64(at, little)) : of.getUint32(at, little));
  const start = number(view, places.table);
  const [entry, total, last] = [0, 2, 4].map((at) => view.getUint16(places.entry + at, little)) as [
    number,
    number,
    number,
  ];
  const length = entry * total;
  if (entry < places.least || total === 0 || total > MAX_SECTIONS || last >= total) return null;
  if (!Number.isSafeInteger(start) || start + length > source.size) return null;
  const bytes = await source.read(start, length);
  const table = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const rows = Array.from({ length: total }, (_, index) => ({
    name: table.getUint32(index * entry, little),
    offset: number(table, index * entry + places.offset),
    size: number(table, index * entry + places.size),
  }));
  const { offset, size } = rows[last] as (typeof rows)[number];
  if (size > MAX_NAMES || offset + size > source.size) return null;
  const texts = await source.read(offset, size);
  return rows.map((row) => ({ ...row, name: nameAt(texts, row.name) }));
}

/** Up to the first NUL; of a name that is no name the first characters. */
function nameAt(texts: Uint8Array, at: number): string {
  const part = texts.subarray(at, at + 64);
  const end = part.indexOf(0);
  return new TextDecoder().decode(end < 0 ? part : part.subarray(0, end));
}
