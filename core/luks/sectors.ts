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
const BATCH = 128 << 10;

/** Of one batch, in 32-bit words: what is to be changed `before` (in place) the block cipher, and `after` it. */
interface Mode {
  before(words: Uint32Array, ivs: Uint8Array): void;
  after(plain: Uint32Array, words: Uint32Array, ivs: Uint8Array, result: Uint32Array, at: number): void;
}

function inBatches(cipher: BlockCipher, ivs: Ivs, sectorSize: number, mode: Mode): SectorCipher {
  const words = new Uint32Array(BATCH / 4);
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
        mode.after(plain, used, vectors, whole, at / 4);
      }
      if (result !== target) target.set(result);
    },
  };
}

function wordsOf(bytes: Uint8Array): Uint32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4);
}

/** XTS (IEEE 1619): the cipher between two xors with the sector's tweak, which is doubled from block to block. */
export function xts(cipher: BlockCipher, tweak: BlockCipher, ivs: Ivs, sectorSize: number): SectorCipher {
  const tweaks = new Uint32Array(BATCH / 4);
  const mode: Mode = {
    before: (words, first) => {
      expand(tweaks, wordsOf(first), sectorSize / 4);
      for (let at = 0; at < words.length; at++) (words[at] as number) ^= tweaks[at] as number;
    },
    after: (plain, words, _, result, start) => {
      for (let at = 0; at < words.length; at++) result[start + at] = (plain[at] as number) ^ (tweaks[at] as number);
    },
  };
  return inBatches(cipher, (...numbers) => tweak.encrypt(ivs(...numbers)), sectorSize, mode);
}

/** Whether the first byte of a word is its lowest. */
const LITTLE = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/** A tweak for each block: in each sector the one before times x in GF(2^128), of numbers with the lowest byte first. */
function expand(tweaks: Uint32Array, first: Uint32Array, perSector: number): void {
  if (!LITTLE) swapWords(first);
  const end = (first.length / 4) * perSector;
  for (let sector = 0, at = 0; at < end; sector++) {
    let a = first[sector * 4] as number;
    let b = first[sector * 4 + 1] as number;
    let c = first[sector * 4 + 2] as number;
    let d = first[sector * 4 + 3] as number;
    for (const stop = at + perSector; at < stop; at += 4) {
      tweaks[at] = a;
      tweaks[at + 1] = b;
      tweaks[at + 2] = c;
      tweaks[at + 3] = d;
      const carry = d >>> 31;
      d = (d << 1) | (c >>> 31);
      c = (c << 1) | (b >>> 31);
      b = (b << 1) | (a >>> 31);
      a = (a << 1) ^ (-carry & 0x87);
    }
  }
  if (!LITTLE) swapWords(tweaks.subarray(0, end));
}

function swapWords(words: Uint32Array): void {
  const view = new DataView(words.buffer, words.byteOffset, words.byteLength);
  for (let at = 0; at < words.length; at++) view.setUint32(at * 4, words[at] as number, true);
}

/** CBC: behind the cipher each block is xored with the enciphered one before it, the first with the vector. */
export function cbc(cipher: BlockCipher, ivs: Ivs, sectorSize: number): SectorCipher {
  const perSector = sectorSize / 4;
  const mode: Mode = {
    before: () => {},
    after: (plain, words, vectors, result, start) => {
      for (let at = 4; at < words.length; at++) result[start + at] = (plain[at] as number) ^ (words[at - 4] as number);
      const first = wordsOf(vectors);
      for (let sector = 0; sector * perSector < words.length; sector++) {
        for (let at = 0; at < 4; at++) {
          const place = sector * perSector + at;
          result[start + place] = (plain[place] as number) ^ (first[sector * 4 + at] as number);
        }
      }
    },
  };
  return inBatches(cipher, ivs, sectorSize, mode);
}

/** ECB: each block by itself. */
export const ecb = (cipher: BlockCipher): SectorCipher => ({
  decrypt: (data, _, target) => target.set(cipher.decrypt(data)),
});
