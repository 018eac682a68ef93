import type { Field } from "../../kit/struct.ts";
import { getU32 } from "../../kit/unsigned.ts";

/**
 * 64 big-endian bits as a number. Past 2^53 it is no longer exact, yet stays larger than anything that may be: whoever
 * reads it holds it against a bound.
 */
export function readWide(view: DataView, at: number): number {
  return getU32(view, at) * 0x1_0000_0000 + getU32(view, at + 4);
}

/** The same as a field of a struct. */
export function wide(offset: number): Field<number> {
  return { offset, size: 8, read: readWide };
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
