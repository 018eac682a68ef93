import { GuestkitError } from "../../kit/errors.ts";
import { hasMagic } from "../../kit/magic.ts";
import { hexOf } from "../../kit/struct.ts";
import type { Codec } from "../../source/codec.ts";
import type { ByteSource } from "../../source/source.ts";
import { zstdContentSize } from "../../source/zstd.ts";
import { damaged } from "./fault.ts";
import {
  ARRAY_ITEMS,
  arrayObject,
  COMPACT_DATA_PAYLOAD,
  DATA_PAYLOAD,
  DataFlag,
  ENTRY_ITEMS,
  entryObject,
  fileHeader,
  Incompatible,
  KNOWN,
  ObjectType,
  objectHeader,
  SIGNATURE,
} from "./layout.ts";
import { unpackLz4 } from "./lz4.ts";

/** An entry without its fields. */
export interface EntryHead {
  readonly offset: number;
  readonly size: number;
  readonly seqnum: number;
  /** Microseconds since 1970. */
  readonly realtime: number;
  /** Microseconds since the boot. */
  readonly monotonic: number;
  /** 32 hexadecimal digits. */
  readonly bootId: string;
}

/** One journal file. */
export interface JournalFile {
  readonly name: string;
  /** Microseconds since 1970 of the first entry, and of the last one. */
  readonly head: number;
  readonly tail: number;
  /**
   * Entries in their order, from the first one on that is not before `since` (microseconds). `onFault` hears of those that
   * are damaged; where the list of them is, that is thrown.
   */
  entries(since: number, onFault: OnFault): AsyncGenerator<EntryHead>;
  /** The fields of an entry, `NAME=value` as bytes. Throws `E_JOURNAL_*`. */
  fields(entry: EntryHead): Promise<readonly Uint8Array[]>;
}

/** Hears of an entry that is left out. */
export type OnFault = (error: GuestkitError) => void;

/** Bytes of one field as it is stored, and unpacked, and of all fields of an entry: what is larger (a core dump) is left out. */
const MAX_FIELD = 8 << 20;
const MAX_ENTRY = 16 << 20;
const MAX_ITEMS = 1024;
/** Entries of an array that are looked at together. */
const BATCH = 4096;

interface Layout {
  readonly source: ByteSource;
  readonly codec: Codec;
  readonly isCompact: boolean;
  /** Where the last object ends at most. */
  readonly end: number;
}

/** Throws `E_JOURNAL_HEADER`. One that was not closed is read as far as it goes. */
export async function openJournalFile(source: ByteSource, codec: Codec): Promise<JournalFile> {
  const { name } = source;
  const wrong = (offset: number, what: string) => damaged(name, "HEADER", offset, what);
  if (source.size < fileHeader.size) throw wrong(0, `it has only ${source.size} bytes`);
  const head = await source.read(0, fileHeader.size);
  if (!hasMagic(head, 0, SIGNATURE)) throw wrong(0, "it does not begin as one");
  const header = fileHeader.decode(head);
  const unknown = header.incompatible & ~KNOWN;
  if (unknown !== 0) throw wrong(12, `it has features that are not known (${unknown.toString(16)})`);
  const layout: Layout = {
    source,
    codec,
    isCompact: (header.incompatible & Incompatible.compact) !== 0,
    end: Math.min(source.size, header.headerSize + header.arenaSize),
  };
  return {
    name,
    head: header.head,
    tail: header.tail,
    entries: (since, onFault) => entriesOf(layout, { first: header.entryArray, count: header.entries }, since, onFault),
    fields: (entry) => fieldsOf(layout, entry),
  };
}

/** Arrays double in size, each with where the next one stands; the last one has room left, which is zeros. */
async function* entriesOf(
  layout: Layout,
  { first, count }: { readonly first: number; readonly count: number },
  since: number,
  onFault: OnFault,
): AsyncGenerator<EntryHead> {
  const width = layout.isCompact ? 4 : 8;
  let left = count;
  let last = 0;
  for (let array = first; array !== 0 && left > 0; ) {
    // They only ever follow one another: this ends.
    if (array <= last) throw damaged(layout.source.name, "ARRAY", array, "an array of entries leads back");
    last = array;
    const { size, next } = await readArray(layout, array);
    const items = Math.min(left, Math.floor((size - ARRAY_ITEMS) / width));
    left -= items;
    for (let from = 0; from < items; from += BATCH) {
      const length = Math.min(BATCH, items - from);
      const places = await readPlaces(layout, array + ARRAY_ITEMS + from * width, length, width);
      yield* entriesAt(layout, places, since, onFault);
    }
    array = next;
  }
}

async function readArray(
  { source, end }: Layout,
  at: number,
): Promise<{ readonly size: number; readonly next: number }> {
  if (at + arrayObject.size > end) throw damaged(source.name, "ARRAY", at, "an array of entries lies outside of it");
  const bytes = await source.read(at, arrayObject.size);
  const { type, size } = objectHeader.decode(bytes);
  if (type !== ObjectType.entryArray || size < ARRAY_ITEMS || at + size > end) {
    throw damaged(source.name, "ARRAY", at, "there is no array of entries where one is to be");
  }
  return { size, next: arrayObject.decode(bytes).next };
}

async function readPlaces({ source }: Layout, at: number, count: number, width: 4 | 8): Promise<readonly number[]> {
  const bytes = await source.read(at, count * width);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const placeAt = (index: number) =>
    width === 4 ? view.getUint32(4 * index, true) : Number(view.getBigUint64(8 * index, true));
  return Array.from({ length: count }, (_, index) => placeAt(index));
}

/** Those that end before `since` are passed over by halving, as they stand in the order of time. */
async function* entriesAt(
  layout: Layout,
  places: readonly number[],
  since: number,
  onFault: OnFault,
): AsyncGenerator<EntryHead> {
  const used = places.indexOf(0);
  const there = used < 0 ? places : places.slice(0, used);
  let [low, high] = [0, there.length];
  while (since > 0 && low < high) {
    const middle = (low + high) >> 1;
    const head = await headAt(layout, there[middle] as number, () => {});
    // Next to one that is damaged nothing is passed over.
    if (head && head.realtime < since) low = middle + 1;
    else high = middle;
  }
  for (const place of there.slice(low)) {
    const head = await headAt(layout, place, onFault);
    if (head) yield head;
  }
}

/** Null where it is damaged. */
async function headAt(layout: Layout, place: number, onFault: OnFault): Promise<EntryHead | null> {
  try {
    return await readHead(layout, place);
  } catch (error) {
    if (!(error instanceof GuestkitError && error.code.startsWith("E_JOURNAL_"))) throw error;
    onFault(error);
    return null;
  }
}

async function readHead({ source, end }: Layout, offset: number): Promise<EntryHead> {
  const wrong = () => damaged(source.name, "ENTRY", offset, "there is no entry where one is to be");
  if (offset % 8 !== 0 || offset + ENTRY_ITEMS > end) throw wrong();
  const bytes = await source.read(offset, ENTRY_ITEMS);
  const { type, size } = objectHeader.decode(bytes);
  if (type !== ObjectType.entry || size < ENTRY_ITEMS || offset + size > end) throw wrong();
  const { seqnum, realtime, monotonic, bootId } = entryObject.decode(bytes);
  return { offset, size, seqnum, realtime, monotonic, bootId: hexOf(bootId) };
}

async function fieldsOf(layout: Layout, { offset, size }: EntryHead): Promise<readonly Uint8Array[]> {
  const { source, isCompact } = layout;
  const width = isCompact ? 4 : 16;
  const count = Math.min(MAX_ITEMS, Math.floor((size - ENTRY_ITEMS) / width));
  const bytes = await source.read(offset + ENTRY_ITEMS, count * width);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const found: Uint8Array[] = [];
  let room = MAX_ENTRY;
  for (let at = 0; at < bytes.length; at += width) {
    const place = isCompact ? view.getUint32(at, true) : Number(view.getBigUint64(at, true));
    const field = place === 0 ? null : await readField(layout, place, Math.min(room, MAX_FIELD));
    if (!field) continue;
    found.push(field);
    room -= field.length;
  }
  return found;
}

/** Null for what is packed in a way that is not read (xz), or has more than `most` bytes. */
async function readField(
  { source, codec, isCompact, end }: Layout,
  offset: number,
  most: number,
): Promise<Uint8Array | null> {
  const wrong = (what: string) => damaged(source.name, "DATA", offset, what);
  if (offset % 8 !== 0 || offset + objectHeader.size > end) throw wrong("a field lies outside of it");
  const { type, flags, size } = objectHeader.decode(await source.read(offset, objectHeader.size));
  const start = isCompact ? COMPACT_DATA_PAYLOAD : DATA_PAYLOAD;
  if (type !== ObjectType.data || size < start || offset + size > end)
    throw wrong("there is no field where one is to be");
  if (size - start > most) return null;
  const payload = await source.read(offset + start, size - start);
  if (flags & DataFlag.xz) return null;
  if (flags & DataFlag.lz4) return unpackField(payload, most, wrong);
  return flags & DataFlag.zstd ? await inflate(codec, payload, most) : payload;
}

/** Its size stands before the block. */
function unpackField(payload: Uint8Array, most: number, wrong: (what: string) => Error): Uint8Array | null {
  if (payload.length < 8) throw wrong("a field is cut off");
  const size = Number(new DataView(payload.buffer, payload.byteOffset).getBigUint64(0, true));
  if (size > most) return null;
  const field = unpackLz4(payload.subarray(8), size);
  if (!field) throw wrong("a field does not unpack");
  return field;
}

async function inflate(codec: Codec, payload: Uint8Array, most: number): Promise<Uint8Array | null> {
  const size = zstdContentSize(payload);
  return size === null || size > most ? null : await codec.decompress("zstd", payload, size);
}
