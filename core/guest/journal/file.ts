import { GuestkitError } from "../../kit/errors.ts";
import { type Eventual, whenHere } from "../../kit/eventual.ts";
import { hasMagic } from "../../kit/magic.ts";
import { hexOf } from "../../kit/struct.ts";
import type { Codec } from "../../source/codec.ts";
import type { ByteSource } from "../../source/source.ts";
import { damaged } from "./fault.ts";
import { type EntryHead, type Field, fieldReader } from "./fields.ts";
import {
  ARRAY_ITEMS,
  arrayObject,
  ENTRY_ITEMS,
  entryObject,
  fileHeader,
  Incompatible,
  KNOWN,
  ObjectType,
  objectHeader,
  SIGNATURE,
} from "./layout.ts";
import { type Objects, openObjects } from "./objects.ts";

/** One journal file. */
export interface JournalFile {
  readonly name: string;
  /** Whoever gives numbers to entries, in this file and in those that were there before it: 32 hexadecimal digits. */
  readonly seqnumId: string;
  /** Microseconds since 1970 of the first entry, and of the last one. */
  readonly head: number;
  readonly tail: number;
  /** Whether fields may be packed by xz, which are left out. */
  readonly hasXz: boolean;
  /**
   * Entries in their order, from the first one on that is not before `since` (microseconds). `onFault` hears of those that
   * are damaged; where the list of them is, that is thrown.
   */
  entries(since: number, onFault: OnFault): AsyncGenerator<EntryHead>;
  /** The fields of an entry. Throws `E_JOURNAL_*`. */
  fields(entry: EntryHead): Promise<readonly Field[]>;
}

/** Hears of an entry that is left out. */
export type OnFault = (error: GuestkitError) => void;

/** Entries of an array that are looked at together. */
const BATCH = 4096;

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
  const objects = openObjects(source, {
    isCompact: (header.incompatible & Incompatible.compact) !== 0,
    end: Math.min(source.size, header.headerSize + header.arenaSize),
  });
  return {
    name,
    seqnumId: hexOf(header.seqnumId),
    head: header.head,
    tail: header.tail,
    hasXz: (header.incompatible & Incompatible.xz) !== 0,
    entries: (since, onFault) =>
      entriesOf(objects, { first: header.entryArray, count: header.entries }, since, onFault),
    fields: fieldReader(objects, codec),
  };
}

/** Arrays double in size, each with where the next one stands; the last one has room left, which is zeros. */
async function* entriesOf(
  objects: Objects,
  { first, count }: { readonly first: number; readonly count: number },
  since: number,
  onFault: OnFault,
): AsyncGenerator<EntryHead> {
  const width = objects.isCompact ? 4 : 8;
  let left = count;
  let last = 0;
  for (let array = first; array !== 0 && left > 0; ) {
    // They only ever follow one another: this ends.
    if (array <= last) throw damaged(objects.name, "ARRAY", array, "an array of entries leads back");
    last = array;
    const { size, next } = await readArray(objects, array);
    const items = Math.min(left, Math.floor((size - ARRAY_ITEMS) / width));
    left -= items;
    for (let from = 0; from < items; from += BATCH) {
      const length = Math.min(BATCH, items - from);
      const places = await readPlaces(objects, array + ARRAY_ITEMS + from * width, length, width);
      yield* entriesAt(objects, places, since, onFault);
    }
    array = next;
  }
}

async function readArray(
  { name, read, end }: Objects,
  at: number,
): Promise<{ readonly size: number; readonly next: number }> {
  if (at + arrayObject.size > end) throw damaged(name, "ARRAY", at, "an array of entries lies outside of it");
  const bytes = await read(at, arrayObject.size);
  const { type, size } = objectHeader.decode(bytes);
  if (type !== ObjectType.entryArray || size < ARRAY_ITEMS || at + size > end) {
    throw damaged(name, "ARRAY", at, "there is no array of entries where one is to be");
  }
  return { size, next: arrayObject.decode(bytes).next };
}

async function readPlaces({ read }: Objects, at: number, count: number, width: 4 | 8): Promise<readonly number[]> {
  const bytes = await read(at, count * width);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const placeAt = (index: number) =>
    width === 4 ? view.getUint32(4 * index, true) : Number(view.getBigUint64(8 * index, true));
  return Array.from({ length: count }, (_, index) => placeAt(index));
}

/** Those that end before `since` are passed over by halving, as they stand in the order of time. */
async function* entriesAt(
  objects: Objects,
  places: readonly number[],
  since: number,
  onFault: OnFault,
): AsyncGenerator<EntryHead> {
  const used = places.indexOf(0);
  const there = used < 0 ? places : places.slice(0, used);
  let [low, high] = [0, there.length];
  while (since > 0 && low < high) {
    const middle = (low + high) >> 1;
    const head = await headAt(objects, there[middle] as number, () => {});
    // Next to one that is damaged nothing is passed over.
    if (head && head.realtime < since) low = middle + 1;
    else high = middle;
  }
  for (; low < there.length; low++) {
    const found = headAt(objects, there[low] as number, onFault);
    const head = found instanceof Promise ? await found : found;
    if (head) yield head;
  }
}

/** Null where it is damaged. */
function headAt(objects: Objects, place: number, onFault: OnFault): Eventual<EntryHead | null> {
  const fail = (error: unknown) => {
    if (!(error instanceof GuestkitError && error.code.startsWith("E_JOURNAL_"))) throw error;
    onFault(error);
    return null;
  };
  try {
    const found = readHead(objects, place);
    return found instanceof Promise ? found.catch(fail) : found;
  } catch (error) {
    return fail(error);
  }
}

function readHead({ name, read, end }: Objects, offset: number): Eventual<EntryHead> {
  const wrong = () => damaged(name, "ENTRY", offset, "there is no entry where one is to be");
  if (offset % 8 !== 0 || offset + ENTRY_ITEMS > end) throw wrong();
  return whenHere(read(offset, ENTRY_ITEMS), (bytes) => {
    const { type, size } = objectHeader.decode(bytes);
    if (type !== ObjectType.entry || size < ENTRY_ITEMS || offset + size > end) throw wrong();
    const { seqnum, realtime, monotonic, bootId } = entryObject.decode(bytes);
    return { offset, size, seqnum, realtime, monotonic, bootId: hexOf(bootId) };
  });
}
