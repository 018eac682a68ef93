/**
 * Directory hashes (https://docs.kernel.org/filesystems/ext4/directory.html#hash-tree-directories). Names are taken
 * with signed or unsigned bytes, as `char` was where the directory was written.
 */
export type HashKind = "legacy" | "half_md4" | "tea";

export interface HashOptions {
  readonly kind: HashKind;
  readonly signed: boolean;
  /** Four words, null for the standard ones. */
  readonly seed: readonly number[] | null;
}

/** MD4's initial state. */
const STANDARD_SEED = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476] as const;
const EOF_HASH = 0xfffffffe;

/** The major hash of a name, lowest bit clear (it marks collisions that go on in the next block). */
export function directoryHash(name: Uint8Array, options: HashOptions): number {
  const hash = (HASHES[options.kind](name, options) & ~1) >>> 0;
  return hash === EOF_HASH ? EOF_HASH - 2 : hash;
}

const HASHES: Readonly<Record<HashKind, (name: Uint8Array, options: HashOptions) => number>> = {
  legacy: (name, { signed }) => legacy(name, signed),
  half_md4: (name, options) => {
    const state = seeded(options);
    for (let at = 0; at < name.length; at += 32) halfMd4(state, words(name, at, 8, options.signed));
    return state[1] as number;
  },
  tea: (name, options) => {
    const state = seeded(options);
    for (let at = 0; at < name.length; at += 16) tea(state, words(name, at, 4, options.signed));
    return state[0] as number;
  },
};

function seeded({ seed }: HashOptions): Int32Array {
  return Int32Array.from(seed ?? STANDARD_SEED);
}

function byteAt(name: Uint8Array, at: number, signed: boolean): number {
  const byte = name[at] as number;
  return signed ? (byte << 24) >> 24 : byte;
}

function legacy(name: Uint8Array, signed: boolean): number {
  let older = 0x37abe8f9;
  let old = 0x12a3fe2d;
  for (let at = 0; at < name.length; at++) {
    let hash = (older + (old ^ Math.imul(byteAt(name, at, signed), 7152373))) >>> 0;
    if (hash & 0x80000000) hash = (hash - 0x7fffffff) >>> 0;
    older = old;
    old = hash;
  }
  return (old << 1) >>> 0;
}

/** `count` words of the name from `from` on, big-endian sums of its bytes, filled up with its length. */
function words(name: Uint8Array, from: number, count: number, signed: boolean): Int32Array {
  const left = name.length - from;
  const low = left | (left << 8);
  const pad = low | (low << 16);
  const result = new Int32Array(count).fill(pad);
  const length = Math.min(left, count * 4);
  let word = pad;
  let index = 0;
  for (let at = 0; at < length; at++) {
    word = (byteAt(name, from + at, signed) + (word << 8)) | 0;
    if (at % 4 !== 3) continue;
    result[index++] = word;
    word = pad;
  }
  if (index < count) result[index] = word;
  return result;
}

function tea(state: Int32Array, input: Int32Array): void {
  const [a, b, c, d] = input as unknown as [number, number, number, number];
  let [x, y] = state as unknown as [number, number];
  let sum = 0;
  for (let round = 0; round < 16; round++) {
    sum = (sum + 0x9e3779b9) | 0;
    x = (x + (((y << 4) + a) ^ (y + sum) ^ ((y >>> 5) + b))) | 0;
    y = (y + (((x << 4) + c) ^ (x + sum) ^ ((x >>> 5) + d))) | 0;
  }
  state[0] = ((state[0] as number) + x) | 0;
  state[1] = ((state[1] as number) + y) | 0;
}

const rotate = (value: number, by: number) => (value << by) | (value >>> (32 - by));
const choose = (x: number, y: number, z: number) => z ^ (x & (y ^ z));
const majority = (x: number, y: number, z: number) => (x & y) + ((x ^ y) & z);
const parity = (x: number, y: number, z: number) => x ^ y ^ z;

/** The three rounds: function, constant, order of the words, shifts. */
const ROUNDS = [
  [choose, 0, [0, 1, 2, 3, 4, 5, 6, 7], [3, 7, 11, 19]],
  [majority, 0x5a827999, [1, 3, 5, 7, 0, 2, 4, 6], [3, 5, 9, 13]],
  [parity, 0x6ed9eba1, [3, 7, 2, 6, 1, 5, 0, 4], [3, 9, 11, 15]],
] as const;

/** MD4's compression cut to eight words a round. */
function halfMd4(state: Int32Array, input: Int32Array): void {
  let [a, b, c, d] = state as unknown as [number, number, number, number];
  for (const [mix, constant, order, shifts] of ROUNDS) {
    for (let step = 0; step < 8; step++) {
      const word = input[order[step] as number] as number;
      const sum = (a + mix(b, c, d) + word + constant) | 0;
      const next = rotate(sum, shifts[step % 4] as number);
      [a, d, c, b] = [d, c, b, next];
    }
  }
  for (const [index, value] of [a, b, c, d].entries()) state[index] = ((state[index] as number) + value) | 0;
}
