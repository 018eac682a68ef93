import { type Eventual, whenHere } from "../../kit/eventual.ts";
import type { Codec } from "../../source/codec.ts";
import { zstdContentSize } from "../../source/zstd.ts";
import { damaged } from "./fault.ts";
import { COMPACT_DATA_PAYLOAD, DATA_PAYLOAD, DataFlag, ENTRY_ITEMS, ObjectType, objectHeader } from "./layout.ts";
import { unpackLz4 } from "./lz4.ts";
import type { Objects } from "./objects.ts";

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

/** One field of an entry. */
export interface Field {
  /** Empty for what is none: it has no name, or an endless one. */
  readonly name: string;
  readonly value: Uint8Array;
  /** Bytes of `NAME=value`. */
  readonly length: number;
}

/** Bytes of one field as it is stored, and unpacked, and of all fields of an entry: what is larger (a core dump) is left out. */
const MAX_FIELD = 8 << 20;
const MAX_ENTRY = 16 << 20;
const MAX_ITEMS = 1024;
/** Fields that are kept, each of so many bytes at most: most entries have fields of those before them. */
const KEPT = 32_768;
const SMALL = 256;
/** Fields of the longest names there are have 64 bytes in them. */
const MAX_NAME = 64;
const EQUALS = 0x3d;

const decoder = new TextDecoder();

/** Reads the fields of entries, all that are some. What it gives throws `E_JOURNAL_*`. */
export function fieldReader(objects: Objects, codec: Codec): (entry: EntryHead) => Promise<readonly Field[]> {
  const kept = new Map<number, Field>();
  const fieldAt = (offset: number, most: number): Eventual<Field | null> => {
    const known = kept.get(offset);
    if (known) return known;
    return whenHere(readField(objects, codec, offset, most), (bytes) => {
      if (!bytes) return null;
      const field = fieldOf(bytes);
      // To tell which was asked for longest ago would cost more than to read the others again.
      if (kept.size >= KEPT) kept.clear();
      if (field.length <= SMALL) kept.set(offset, field);
      return field;
    });
  };
  return async (entry) => {
    const fields: Field[] = [];
    let room = MAX_ENTRY;
    for (const place of await placesIn(objects, entry)) {
      const found = fieldAt(place, Math.min(room, MAX_FIELD));
      const field = found instanceof Promise ? await found : found;
      if (!field) continue;
      if (field.name !== "") fields.push(field);
      room -= field.length;
    }
    return fields;
  };
}

function fieldOf(bytes: Uint8Array): Field {
  const end = bytes.indexOf(EQUALS);
  const name = end > 0 && end <= MAX_NAME ? decoder.decode(bytes.subarray(0, end)) : "";
  return { name, value: bytes.subarray(end + 1), length: bytes.length };
}

/** Where the fields of an entry stand. */
function placesIn({ isCompact, read }: Objects, { offset, size }: EntryHead): Eventual<readonly number[]> {
  const width = isCompact ? 4 : 16;
  const count = Math.min(MAX_ITEMS, Math.floor((size - ENTRY_ITEMS) / width));
  return whenHere(read(offset + ENTRY_ITEMS, count * width), (bytes) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const places: number[] = [];
    for (let at = 0; at < bytes.length; at += width) {
      const place = isCompact ? view.getUint32(at, true) : Number(view.getBigUint64(at, true));
      if (place !== 0) places.push(place);
    }
    return places;
  });
}

/** `NAME=value`; null for what is packed in a way that is not read (xz), or has more than `most` bytes. */
function readField(objects: Objects, codec: Codec, offset: number, most: number): Eventual<Uint8Array | null> {
  const { name, isCompact, read, end } = objects;
  const wrong = (what: string) => damaged(name, "DATA", offset, what);
  if (offset % 8 !== 0 || offset + objectHeader.size > end) throw wrong("a field lies outside of it");
  const start = isCompact ? COMPACT_DATA_PAYLOAD : DATA_PAYLOAD;
  return whenHere(read(offset, objectHeader.size), (head) => {
    const { type, flags, size } = objectHeader.decode(head);
    if (type !== ObjectType.data || size < start || offset + size > end)
      throw wrong("there is no field where one is to be");
    if (size - start > most || flags & DataFlag.xz) return null;
    return whenHere(read(offset + start, size - start), (payload) => {
      if (flags & DataFlag.lz4) return unpackField(payload, most, wrong);
      return flags & DataFlag.zstd ? inflate(codec, payload.slice(), most) : payload.slice();
    });
  });
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
