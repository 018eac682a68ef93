import { hasMagic } from "../../kit/magic.ts";
import { checksumOf, type Header } from "./header.ts";
import { descriptor, LOG_SECTOR, logEntry } from "./layout.ts";

/** A log in memory: a ring of entries. */
export interface Log extends NonNullable<Header["log"]> {
  readonly bytes: Uint8Array;
}

/** An entry whose checksum fits. Offsets in bytes from the log's start. */
export interface Entry {
  readonly place: number;
  readonly length: number;
  /** The first entry of the sequence that this one ends. */
  readonly tail: number;
  readonly sequence: bigint;
  readonly descriptors: number;
  /** Lengths of the file: what it had at least, and what all in it takes. */
  readonly flushed: bigint;
  readonly last: bigint;
}

/** Bytes of descriptors and what comes before them, in whole sectors. */
export const headLength = (descriptors: number): number =>
  Math.ceil((logEntry.size + descriptors * descriptor.size) / LOG_SECTOR) * LOG_SECTOR;

/** The bytes of an entry, which may go on at the log's start. */
export function entryBytes({ bytes }: Log, { place, length }: Pick<Entry, "place" | "length">): Uint8Array {
  if (place + length <= bytes.length) return bytes.subarray(place, place + length);
  const joined = new Uint8Array(length);
  joined.set(bytes.subarray(place));
  joined.set(bytes.subarray(0, place + length - bytes.length), bytes.length - place);
  return joined;
}

/** What stands at `place`: an entry of this log by its first bytes, of which the checksum is not looked at yet; or null. */
export function entryAt(log: Log, place: number): Entry | null {
  if (!hasMagic(log.bytes, place, "loge")) return null;
  const raw = logEntry.decode(log.bytes, place);
  if (raw.logGuid !== log.guid || raw.sequenceNumber === 0n) return null;
  const { entryLength: length, tail, descriptorCount: descriptors } = raw;
  const isAligned = length % LOG_SECTOR === 0 && tail % LOG_SECTOR === 0;
  if (!isAligned || length > log.length || tail >= log.length || headLength(descriptors) > length) return null;
  const { sequenceNumber: sequence, flushedFileOffset: flushed, lastFileOffset: last } = raw;
  return { ...{ place, length, tail, sequence, descriptors }, ...{ flushed, last } };
}

export const isSound = (log: Log, entry: Entry): boolean =>
  checksumOf(entryBytes(log, entry)) === logEntry.decode(log.bytes, entry.place).checksum;
