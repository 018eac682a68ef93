import { type ByteSource, readInto } from "../source/source.ts";

/** Bytes that are compared at once. */
const PIECE = 256 << 10;

/** Two pieces of memory that are used again and again. */
export interface Memory {
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

export const memory = (): Memory => ({ before: new Uint8Array(PIECE), after: new Uint8Array(PIECE) });

/**
 * Whether two files hold the same bytes. What comes from one place, as where two overlays stand on one base, and holes that
 * both have are not read; the first difference ends it.
 */
export async function isSame(before: ByteSource, after: ByteSource, { before: a, after: b }: Memory): Promise<boolean> {
  if (before.size !== after.size) return false;
  for (let at = 0; at < before.size; ) {
    const { shared, length } = await stretchFrom(before, after, at);
    if (shared) {
      at += length;
      continue;
    }
    const [left, right] = [a.subarray(0, length), b.subarray(0, length)];
    const reading = [readInto(before, at, left), readInto(after, at, right)];
    await Promise.all(reading);
    if (!isEqual(left, right)) return false;
    at += length;
  }
  return true;
}

/** The bytes from `at` on: those that come from one place in both, which are equal, or those to compare. */
async function stretchFrom(
  before: ByteSource,
  after: ByteSource,
  at: number,
): Promise<{ readonly shared: boolean; readonly length: number }> {
  const left = before.size - at;
  const was = await before.stored?.(at, left);
  const is = was && (await after.stored?.(at, was.length));
  if (!was || !is) return { shared: false, length: Math.min(PIECE, left) };
  const shared = was.file === is.file && was.offset === is.offset;
  // Behind what one of them has of its own both may have the same again.
  return { shared, length: shared ? is.length : Math.min(PIECE, is.length) };
}

/** By eight bytes at a time: both begin at the start of their memory. */
function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  const words = a.length >>> 3;
  const [left, right] = [a, b].map((bytes) => new BigUint64Array(bytes.buffer, bytes.byteOffset, words)) as [
    BigUint64Array,
    BigUint64Array,
  ];
  for (let at = 0; at < words; at++) if (left[at] !== right[at]) return false;
  for (let at = words * 8; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}
