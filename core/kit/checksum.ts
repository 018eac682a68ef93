import { fold, isFolded, MOST } from "./crc32c-fold.ts";

/**
 * Reflected CRC-32 tables by polynomial: 0xEDB88320 (zlib, GPT), 0x82F63B78 (Castagnoli, ext4). Eight of 256 entries
 * in a row, so that eight bytes are taken at a time ("slicing by 8", Kounavis and Berry 2005).
 */
function tables(polynomial: number): Int32Array {
  const all = new Int32Array(8 * 256);
  for (let index = 0; index < 256; index++) {
    let crc = index;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
    all[index] = crc;
  }
  for (let at = 256; at < all.length; at++) {
    const before = all[at - 256] as number;
    all[at] = (all[before & 0xff] as number) ^ (before >>> 8);
  }
  return all;
}

const IEEE = tables(0xedb88320);
const CASTAGNOLI = tables(0x82f63b78);

/** `as number` everywhere costs nothing at run time. */
function update(tab: Int32Array, seed: number, data: Uint8Array, start: number, end: number): number {
  let crc = seed | 0;
  let at = start;
  for (const stop = end - 7; at < stop; at += 8) {
    crc ^=
      (data[at] as number) |
      ((data[at + 1] as number) << 8) |
      ((data[at + 2] as number) << 16) |
      ((data[at + 3] as number) << 24);
    crc =
      (tab[1792 + (crc & 0xff)] as number) ^
      (tab[1536 + ((crc >>> 8) & 0xff)] as number) ^
      (tab[1280 + ((crc >>> 16) & 0xff)] as number) ^
      (tab[1024 + (crc >>> 24)] as number) ^
      (tab[768 + (data[at + 4] as number)] as number) ^
      (tab[512 + (data[at + 5] as number)] as number) ^
      (tab[256 + (data[at + 6] as number)] as number) ^
      (tab[data[at + 7] as number] as number);
  }
  for (; at < end; at++) crc = (tab[(crc ^ (data[at] as number)) & 0xff] as number) ^ (crc >>> 8);
  return crc >>> 0;
}

/** CRC-32 as zlib and GPT use it. */
export function crc32(data: Uint8Array): number {
  return ~update(IEEE, 0xffffffff, data, 0, data.length) >>> 0;
}

/** The same without inversion of seed and result, as LVM2 chains it. */
export function crc32State(seed: number, data: Uint8Array): number {
  return update(IEEE, seed, data, 0, data.length);
}

/** CRC-32C state without inversion, as ext4's metadata_csum chains it (seed ~0), of `data[start, end)`. */
export function crc32c(seed: number, data: Uint8Array, start = 0, end = data.length): number {
  let state = seed;
  let at = start;
  for (let next = at; isFolded(end - at); at = next) {
    next = Math.min(end, at + MOST);
    state = fold(CASTAGNOLI, state, data, at, next);
  }
  return update(CASTAGNOLI, state, data, at, end);
}

const zeros = new Uint8Array(4);

/** The same over `data[start, end)` with the `hole` bytes at `at` (the checksum's own field) taken as zeros. */
export function crc32cAround(
  seed: number,
  data: Uint8Array,
  hole: { at: number; length: number },
  start = 0,
  end = data.length,
): number {
  const before = crc32c(seed, data, start, hole.at);
  return crc32c(crc32c(before, zeros, 0, hole.length), data, hole.at + hole.length, end);
}
