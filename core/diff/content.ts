import { type ByteSource, readInto } from "../source/source.ts";
import { both, type Unread } from "./unread.ts";
import { PIECE, type Work } from "./work.ts";

/**
 * Whether two files hold the same bytes, or why that cannot be told. What comes from one place, as where two overlays stand
 * on one base, and holes that both have are not read; the first difference ends it. `name` is what a refusal calls them.
 */
export async function isSame(
  before: ByteSource,
  after: ByteSource,
  work: Work,
  name: string,
): Promise<boolean | Unread> {
  if (before.size !== after.size) return false;
  using _share = work.one(name);
  for (let at = 0; at < before.size; ) {
    const from = at;
    const stretch = await stretchFrom(before, after, from);
    if ("unread" in stretch) return stretch.unread;
    at += stretch.length;
    if (stretch.shared) continue;
    const [left, right] = [work.before.subarray(0, stretch.length), work.after.subarray(0, stretch.length)];
    const { unread } = await both(
      () => readInto(before, from, left),
      () => readInto(after, from, right),
    );
    if (unread) return unread;
    if (!isEqual(left, right)) return false;
  }
  return true;
}

type Stretch = { readonly shared: boolean; readonly length: number } | { readonly unread: Unread };

/** The bytes from `at` on: those that come from one place in both, which are equal, or those to compare. */
async function stretchFrom(before: ByteSource, after: ByteSource, at: number): Promise<Stretch> {
  const left = before.size - at;
  const { values, unread } = await both(
    () => before.stored?.(at, left) ?? null,
    () => after.stored?.(at, left) ?? null,
  );
  if (unread) return { unread };
  const [was, is] = values;
  if (!was || !is) return { shared: false, length: Math.min(PIECE, left) };
  const shared = was.file === is.file && was.offset === is.offset;
  // Behind what one of them has of its own both may have the same again.
  const length = Math.min(was.length, is.length);
  return { shared, length: shared ? length : Math.min(PIECE, length) };
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
