/**
 * One block of LZ4 (https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md) as `size` bytes, or at least `least` of
 * them; null where it is damaged, or is more or less than that.
 */
export function unpackLz4(block: Uint8Array, size: number, least = size): Uint8Array | null {
  const out = new Uint8Array(size);
  let [at, filled] = [0, 0];
  /** A length that goes on in bytes of 255. */
  const long = (first: number): number => {
    let length = first;
    if (first < 15) return length;
    for (let byte = 255; byte === 255 && at < block.length; length += byte) byte = block[at++] ?? 0;
    return length;
  };
  while (at < block.length) {
    const token = block[at++] ?? 0;
    const literals = long(token >> 4);
    if (at + literals > block.length || filled + literals > size) return null;
    out.set(block.subarray(at, at + literals), filled);
    [at, filled] = [at + literals, filled + literals];
    if (at === block.length) break;
    const offset = (block[at] ?? 0) | ((block[at + 1] ?? 0) << 8);
    at += 2;
    const length = long(token & 15) + 4;
    if (offset === 0 || offset > filled || filled + length > size) return null;
    // What is copied may run into what it makes.
    for (let end = filled + length; filled < end; filled++) out[filled] = out[filled - offset] ?? 0;
  }
  return filled >= least ? out.subarray(0, filled) : null;
}
