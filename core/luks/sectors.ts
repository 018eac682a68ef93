/** Sectors deciphered many at a time: every block goes through the block cipher in one call, and chaining is done around it. */
import type { BlockCipher } from "../source/codec.ts";

/** Sectors of one size under one key. */
export interface SectorCipher {
  /**
   * Whole sectors as they were before.
   * @param number of the first sector, in units of 512 bytes
   * @param target takes them, as many as there are; it may be `data` itself
   */
  decrypt(data: Uint8Array, number: number, target: Uint8Array): void;
}

/** The initial vectors of `count` sectors, 16 bytes each, the first numbered `number`, each `step` more. */
export type Ivs = (number: number, count: number, step: number) => Uint8Array;

/** Bytes that go through the cipher at once: they and what is made of them stay in the processor's cache. */
const BATCH = 64 << 10;

/** Of one batch, in 32-bit words: what is to be changed `before` (in place) the block cipher, and `after` it. */
interface Mode {
  before(words: Int32Array, ivs: Uint8Array): void;
  after(plain: Int32Array, result: Int32Array, at: number, words: Int32Array, ivs: Uint8Array): void;
}

function inBatches(cipher: BlockCipher, ivs: Ivs, sectorSize: number, mode: Mode): SectorCipher {
  const words = new Int32Array(BATCH / 4);
  const bytes = new Uint8Array(words.buffer);
  const step = sectorSize / 512;
  return {
    decrypt(data, number, target) {
      const result = target.byteOffset % 4 === 0 ? target : new Uint8Array(target.length);
      const whole = wordsOf(result);
      for (let at = 0; at < data.length; at += BATCH) {
        const piece = data.subarray(at, at + BATCH);
        const count = piece.length / sectorSize;
        bytes.set(piece);
        const vectors = ivs(number + at / 512, count, step);
        const used = words.subarray(0, piece.length / 4);
        mode.before(used, vectors);
        const plain = wordsOf(cipher.decrypt(bytes.subarray(0, piece.length)));
        mode.after(plain, whole, at / 4, used, vectors);
      }
      if (result !== target) target.set(result);
    },
  };
}

function wordsOf(bytes: Uint8Array): Int32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes);
  return new Int32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4);
}

/** Whether the first byte of a word is its lowest, as tweaks are doubled here: so on all that Node is mostly run on. */
export const isLittleEndian = new Uint8Array(Int32Array.of(1).buffer)[0] === 1;

/** XTS (IEEE 1619): the cipher between two xors with the sector's tweak, which is doubled from block to block. */
export function xts(cipher: BlockCipher, tweak: BlockCipher, ivs: Ivs, sectorSize: number): SectorCipher {
  const tweaks = new Int32Array(BATCH / 4);
  const first: Ivs = (...numbers) => tweak.encrypt(ivs(...numbers));
  // Bound, and so not made part of their caller, which runs too seldom to be compiled well: that took twice the time.
  const mode: Mode = { before: whiten.bind(null, tweaks, sectorSize / 4), after: unwhiten.bind(null, tweaks) };
  return inBatches(cipher, first, sectorSize, mode);
}

/**
 * Xors each block with its tweak, and keeps that in `tweaks`: in each sector the one before times x in GF(2^128), of
 * numbers with the lowest byte first. The hot loop of XTS: one, since V8 leaves its optimised code at each end of an inner one.
 */
function whiten(tweaks: Int32Array, perSector: number, words: Int32Array, vectors: Uint8Array): void {
  const first = wordsOf(vectors);
  const mask = perSector - 1;
  const shift = 31 - Math.clz32(perSector);
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let at = 0; at < words.length; at += 4) {
    if ((at & mask) === 0) {
      const from = (at >> shift) * 4;
      a = first[from] as number;
      b = first[from + 1] as number;
      c = first[from + 2] as number;
      d = first[from + 3] as number;
    } else {
      const carry = d >> 31;
      d = (d << 1) | (c >>> 31);
      c = (c << 1) | (b >>> 31);
      b = (b << 1) | (a >>> 31);
      a = (a << 1) ^ (carry & 0x87);
    }
    tweaks[at] = a;
    tweaks[at + 1] = b;
    tweaks[at + 2] = c;
    tweaks[at + 3] = d;
    (words[at] as number) ^= a;
    (words[at + 1] as number) ^= b;
    (words[at + 2] as number) ^= c;
    (words[at + 3] as number) ^= d;
  }
}

function unwhiten(tweaks: Int32Array, plain: Int32Array, result: Int32Array, start: number): void {
  for (let at = 0; at < plain.length; at++) result[start + at] = (plain[at] as number) ^ (tweaks[at] as number);
}

/** CBC: behind the cipher each block is xored with the enciphered one before it, the first with the vector. */
export function cbc(cipher: BlockCipher, ivs: Ivs, sectorSize: number): SectorCipher {
  return inBatches(cipher, ivs, sectorSize, { before: () => {}, after: chain.bind(null, sectorSize / 4) });
}

function chain(
  perSector: number,
  plain: Int32Array,
  result: Int32Array,
  start: number,
  words: Int32Array,
  vectors: Uint8Array,
): void {
  for (let at = 4; at < words.length; at++) result[start + at] = (plain[at] as number) ^ (words[at - 4] as number);
  const first = wordsOf(vectors);
  for (let at = 0; at < first.length; at++) {
    const place = (at >> 2) * perSector + (at & 3);
    result[start + place] = (plain[place] as number) ^ (first[at] as number);
  }
}

/** ECB: each block by itself. */
export const ecb = (cipher: BlockCipher): SectorCipher => ({
  decrypt: (data, _, target) => target.set(cipher.decrypt(data)),
});
