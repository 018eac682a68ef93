import { getU8, getU32 } from "../../kit/unsigned.ts";

/**
 * The key of an item: its tree's order is that of the three fields, the outer ones unsigned. Numbers from 2^63 on are
 * held as negative ones (-10 for 2^64 - 10). Those in between that no double holds are in no tree that is read here: blocks
 * with such keys are refused.
 */
export interface Key {
  readonly objectid: number;
  readonly type: number;
  readonly offset: number;
}

/** The highest value of 64 bits, as held in keys. */
export const TOP = -1;

const WORD = 0x1_0000_0000;

export function key(objectid: number, type: number, offset: number): Key {
  return { objectid, type, offset };
}

/** 64 bits as keys hold them. */
export function readId(view: DataView, at: number): number {
  return view.getInt32(at + 4, true) * WORD + getU32(view, at, true);
}

export function readKey(view: DataView, at: number): Key {
  return { objectid: readId(view, at), type: getU8(view, at + 8), offset: readId(view, at + 9) };
}

/** Whether the stored key at `at` is held as it is: neither number of it is past 2^53. */
export function isExact(view: DataView, at: number): boolean {
  return Math.abs(view.getInt32(at + 4, true)) < 0x20_0000 && Math.abs(view.getInt32(at + 13, true)) < 0x20_0000;
}

/** Below 0 where the stored key at `at` comes before `wanted`, 0 where they are the same. */
export function compareStored(view: DataView, at: number, wanted: Key): number {
  return (
    compareIds(readId(view, at), wanted.objectid) ||
    getU8(view, at + 8) - wanted.type ||
    compareIds(readId(view, at + 9), wanted.offset)
  );
}

export function compareKeys(a: Key, b: Key): number {
  return compareIds(a.objectid, b.objectid) || a.type - b.type || compareIds(a.offset, b.offset);
}

/** As unsigned numbers: negative ones are the highest. */
function compareIds(a: number, b: number): number {
  if (a < 0 !== b < 0) return a < 0 ? 1 : -1;
  return a - b;
}

/** Whether two stored keys are in order, the first one before the second. */
export function inOrder(view: DataView, first: number, second: number): boolean {
  const by =
    compareIds(readId(view, first), readId(view, second)) ||
    getU8(view, first + 8) - getU8(view, second + 8) ||
    compareIds(readId(view, first + 9), readId(view, second + 9));
  return by < 0;
}

export function writeId(view: DataView, at: number, value: number): void {
  view.setUint32(at, value >>> 0, true);
  view.setUint32(at + 4, Math.floor(value / WORD) >>> 0, true);
}

export function writeKey(view: DataView, at: number, { objectid, type, offset }: Key): void {
  writeId(view, at, objectid);
  view.setUint8(at + 8, type);
  writeId(view, at + 9, offset);
}
