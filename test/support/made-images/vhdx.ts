import { crc32c } from "../../../core/kit/checksum.ts";
import { bitsOf, guidBytes, type Plan, storedBlocks, utf16 } from "./plan.ts";

/** A VHDX by its specification; `parent` are the keys and values of its locator. */
export interface VhdxPlan extends Plan {
  readonly id: string;
  readonly dataWriteGuid: string;
  readonly parent?: Readonly<Record<string, string>>;
}

const KIB = 1024;
const MIB = 1 << 20;
/** Where this writer puts things: the order is free. */
export const VHDX_PLACES = { log: MIB, metadata: 2 * MIB, bat: 3 * MIB } as const;
const LOG_GUID = "5eed5eed-0001-4002-8003-000000000004";

export function makeVhdx(plan: VhdxPlan): Uint8Array {
  const { size, blockSize, sectorSize, parent } = plan;
  const ratio = (2 ** 23 * sectorSize) / blockSize;
  const payload = Math.ceil(size / blockSize);
  const entries = parent ? Math.ceil(payload / ratio) * (ratio + 1) : payload + Math.floor((payload - 1) / ratio);
  const batLength = Math.ceil((entries * 8) / MIB) * MIB;
  const stored = storedBlocks(plan);
  const chunks = [
    ...new Set(stored.filter(({ block }) => block.kind === "mixed").map(({ index }) => Math.floor(index / ratio))),
  ];
  const bitmaps = VHDX_PLACES.bat + batLength;
  const first = bitmaps + chunks.length * MIB;
  const file = new Uint8Array(first + stored.length * blockSize);
  const view = new DataView(file.buffer);
  const entry = (index: number, state: number, offset: number) =>
    view.setBigUint64(VHDX_PLACES.bat + index * 8, BigInt(offset) | BigInt(state), true);
  for (const [index, { kind }] of plan.blocks) if (kind === "zero") entry(index + Math.floor(index / ratio), 2, 0);
  for (const [position, chunk] of chunks.entries()) entry((chunk + 1) * ratio + chunk, 6, bitmaps + position * MIB);
  for (const [position, { index, block, content }] of stored.entries()) {
    const at = first + position * blockSize;
    const chunk = Math.floor(index / ratio);
    entry(index + chunk, block.kind === "mixed" ? 7 : 6, at);
    file.set(content, at);
    if (block.kind !== "mixed") continue;
    const bits = bitmaps + chunks.indexOf(chunk) * MIB + ((index % ratio) * blockSize) / sectorSize / 8;
    bitsOf(plan, block, (sector) => {
      file[bits + (sector >> 3)] = (file[bits + (sector >> 3)] ?? 0) | (1 << (sector & 7));
    });
  }
  file.set(new TextEncoder().encode("vhdxfile"));
  writeHeader(file, 64 * KIB, plan, 1n);
  writeHeader(file, 128 * KIB, plan, 2n);
  for (const at of [192 * KIB, 256 * KIB]) writeRegions(file, at, batLength);
  writeMetadata(file, plan);
  return file;
}

/** CRC-32C of a structure with its own four bytes, at 4, as zeros. */
export function mendVhdx(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  view.setUint32(4, 0);
  view.setUint32(4, ~crc32c(0xffffffff, bytes) >>> 0, true);
}

function writeHeader(file: Uint8Array, at: number, { dataWriteGuid }: VhdxPlan, sequence: bigint, log = false): void {
  const bytes = file.subarray(at, at + 4 * KIB);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  bytes.set(new TextEncoder().encode("head"));
  view.setBigUint64(8, sequence, true);
  bytes.set(guidBytes(dataWriteGuid), 32);
  if (log) bytes.set(guidBytes(LOG_GUID), 48);
  view.setUint16(66, 1, true);
  view.setUint32(68, MIB, true);
  view.setBigUint64(72, BigInt(VHDX_PLACES.log), true);
  mendVhdx(bytes);
}

function writeRegions(file: Uint8Array, at: number, batLength: number): void {
  const bytes = file.subarray(at, at + 64 * KIB);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  bytes.set(new TextEncoder().encode("regi"));
  view.setUint32(8, 2, true);
  const regions = [
    ["2dc27766-f623-4200-9d64-115e9bfd4a08", VHDX_PLACES.bat, batLength],
    ["8b7ca206-4790-4b9a-b8fe-575f050f886e", VHDX_PLACES.metadata, MIB],
  ] as const;
  for (const [index, [guid, offset, length]] of regions.entries()) {
    bytes.set(guidBytes(guid), 16 + index * 32);
    view.setBigUint64(32 + index * 32, BigInt(offset), true);
    view.setUint32(40 + index * 32, length, true);
    view.setUint32(44 + index * 32, 1, true);
  }
  mendVhdx(bytes);
}

function writeMetadata(file: Uint8Array, plan: VhdxPlan): void {
  const start = VHDX_PLACES.metadata;
  const view = new DataView(file.buffer, start, MIB);
  file.set(new TextEncoder().encode("metadata"), start);
  const items = [
    ["caa16737-fa36-4d43-b3b6-33f0aa44e76b", words(plan.blockSize, plan.parent ? 2 : 0)],
    ["2fa54224-cd1b-4876-b211-5dbed83bf4b8", words(plan.size % 2 ** 32, Math.floor(plan.size / 2 ** 32))],
    ["beca12ab-b2e6-4523-93ef-c309e000c746", guidBytes(plan.id)],
    ["8141bf1d-a96f-4709-ba47-f233a8faab5f", words(plan.sectorSize)],
    ["cda348c7-445d-4471-9cc9-e9885251c556", words(4096)],
    ...(plan.parent ? [["a8d35f2d-b30b-454d-abf7-d3d84834ab0c", locatorOf(plan.parent)] as const] : []),
  ] as const;
  view.setUint16(10, items.length, true);
  let at = 64 * KIB;
  for (const [index, [guid, bytes]] of items.entries()) {
    file.set(guidBytes(guid), start + 32 + index * 32);
    view.setUint32(48 + index * 32, at, true);
    view.setUint32(52 + index * 32, bytes.length, true);
    view.setUint32(56 + index * 32, 6, true);
    file.set(bytes, start + at);
    at += bytes.length;
  }
}

function words(...numbers: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(numbers.length * 4);
  const view = new DataView(bytes.buffer);
  for (const [index, number] of numbers.entries()) view.setUint32(index * 4, number, true);
  return bytes;
}

function locatorOf(pairs: Readonly<Record<string, string>>): Uint8Array {
  const texts = Object.entries(pairs).map(([key, value]) => [utf16(key, true), utf16(value, true)] as const);
  const bytes = new Uint8Array(20 + texts.length * 12 + texts.flat().reduce((sum, { length }) => sum + length, 0));
  const view = new DataView(bytes.buffer);
  bytes.set(guidBytes("b04aefb7-d19e-4a81-b789-25b8e9445913"));
  view.setUint16(18, texts.length, true);
  let end = 20 + texts.length * 12;
  for (const [index, pair] of texts.entries()) {
    for (const [which, text] of pair.entries()) {
      view.setUint32(20 + index * 12 + which * 4, end, true);
      view.setUint16(28 + index * 12 + which * 2, text.length, true);
      bytes.set(text, end);
      end += text.length;
    }
  }
  return bytes;
}

/** What an entry of a log changes: a sector of 4 KiB, or zeros. */
export type Change =
  | { readonly at: number; readonly bytes: Uint8Array }
  | { readonly at: number; readonly zeros: number };

export interface LogEntry {
  readonly sequence: number;
  /** Which entry before it, counted from the first, its sequence begins with. */
  readonly tail: number;
  readonly changes: readonly Change[];
  readonly flushed?: number;
}

/**
 * Lays a log into an image and makes it the one to be replayed; the first entry begins at `start`, and what passes the log's
 * end goes on at its start. Gives the places of the entries in the file.
 */
export function layLog(file: Uint8Array, plan: VhdxPlan, entries: readonly LogEntry[], start = 0): number[] {
  const places: number[] = [];
  let at = start;
  for (const entry of entries) {
    places.push(at % MIB);
    const bytes = entryOf(entry, places[entry.tail] ?? 0, file.length);
    for (const [index, byte] of bytes.entries()) file[VHDX_PLACES.log + ((at + index) % MIB)] = byte;
    at += bytes.length;
  }
  writeHeader(file, 64 * KIB, plan, 3n, true);
  return places.map((place) => VHDX_PLACES.log + place);
}

function entryOf({ sequence, changes, flushed }: LogEntry, tail: number, length: number): Uint8Array {
  const head = Math.ceil((64 + changes.length * 32) / 4096) * 4096;
  const data = changes.filter((each) => "bytes" in each);
  const bytes = new Uint8Array(head + data.length * 4096);
  const view = new DataView(bytes.buffer);
  const text = (at: number, what: string) => bytes.set(new TextEncoder().encode(what), at);
  text(0, "loge");
  view.setUint32(8, bytes.length, true);
  view.setUint32(12, tail, true);
  view.setBigUint64(16, BigInt(sequence), true);
  view.setUint32(24, changes.length, true);
  bytes.set(guidBytes(LOG_GUID), 32);
  view.setBigUint64(48, BigInt(flushed ?? length), true);
  view.setBigUint64(56, BigInt(length), true);
  let sector = head;
  for (const [index, change] of changes.entries()) {
    const at = 64 + index * 32;
    view.setBigUint64(at + 16, BigInt(change.at), true);
    view.setBigUint64(at + 24, BigInt(sequence), true);
    if ("zeros" in change) {
      text(at, "zero");
      view.setBigUint64(at + 8, BigInt(change.zeros), true);
      continue;
    }
    text(at, "desc");
    bytes.set(change.bytes.subarray(4092), at + 4);
    bytes.set(change.bytes.subarray(0, 8), at + 8);
    bytes.set(change.bytes, sector);
    text(sector, "data");
    view.setUint32(sector + 4, Math.floor(sequence / 2 ** 32), true);
    view.setUint32(sector + 4092, sequence % 2 ** 32, true);
    sector += 4096;
  }
  mendVhdx(bytes);
  return bytes;
}
