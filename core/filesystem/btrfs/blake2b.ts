/**
 * BLAKE2b with 256 bits and no key (RFC 7693): node:crypto has it with 512 bits alone, and its length goes into it. Words
 * are held in halves of 32 bits.
 */
const IV = Uint32Array.of(
  ...[0xf3bcc908, 0x6a09e667, 0x84caa73b, 0xbb67ae85, 0xfe94f82b, 0x3c6ef372, 0x5f1d36f1, 0xa54ff53a],
  ...[0xade682d1, 0x510e527f, 0x2b3e6c1f, 0x9b05688c, 0xfb41bd6b, 0x1f83d9ab, 0x137e2179, 0x5be0cd19],
);

/** Which words of the message each of the rounds takes, two a step (section 2.7); the last two begin again. */
const SIGMA = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
  [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
  [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
  [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
  [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
  [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
  [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
  [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
  [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
  [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
] as const;

/** Which four words of the state each step of a round mixes: its columns, then its diagonals. */
const STEPS = [
  ...[
    [0, 4, 8, 12],
    [1, 5, 9, 13],
    [2, 6, 10, 14],
    [3, 7, 11, 15],
  ],
  ...[
    [0, 5, 10, 15],
    [1, 6, 11, 12],
    [2, 7, 8, 13],
    [3, 4, 9, 14],
  ],
] as const;
/** The same for all twelve rounds as one row of half-words' places: a b c d x y. */
const PLAN = Uint8Array.from(
  Array.from({ length: 12 }, (_, round) => SIGMA[round % 10] as readonly number[]).flatMap((sigma) =>
    STEPS.flatMap((step, index) => [...step, sigma[index * 2] as number, sigma[index * 2 + 1] as number]),
  ),
  (word) => word * 2,
);

const BLOCK = 128;
const HASH = 32;
const state = new Uint32Array(32);
const message = new Uint32Array(32);

export function blake2b256(data: Uint8Array): Uint8Array {
  const hash = IV.slice();
  hash[0] = (hash[0] as number) ^ 0x0101_0000 ^ HASH;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const last = Math.max(0, Math.ceil(data.length / BLOCK) - 1) * BLOCK;
  for (let at = 0; at < last; at += BLOCK) compress(hash, view, at, at + BLOCK, false);
  const rest = new Uint8Array(BLOCK);
  rest.set(data.subarray(last));
  compress(hash, new DataView(rest.buffer), 0, data.length, true);
  const out = new DataView(new ArrayBuffer(HASH));
  for (let half = 0; half < HASH / 4; half++) out.setUint32(half * 4, hash[half] as number, true);
  return new Uint8Array(out.buffer);
}

/** One block at `at` into the hash; `count` bytes were taken with it. */
function compress(hash: Uint32Array, view: DataView, at: number, count: number, isLast: boolean): void {
  state.set(hash);
  state.set(IV, 16);
  state[24] = (state[24] as number) ^ count;
  if (isLast) {
    state[28] = ~(state[28] as number);
    state[29] = ~(state[29] as number);
  }
  for (let half = 0; half < 32; half++) message[half] = view.getUint32(at + half * 4, true);
  for (let step = 0; step < PLAN.length; step += 6) mix(step);
  for (let half = 0; half < 16; half++) {
    hash[half] = (hash[half] as number) ^ (state[half] as number) ^ (state[half + 16] as number);
  }
}

/** G of section 3.1, by the step of the plan that stands at `step`. Rotations by 32 change the halves' places. */
function mix(step: number): void {
  const a = PLAN[step] as number;
  const b = PLAN[step + 1] as number;
  const c = PLAN[step + 2] as number;
  const d = PLAN[step + 3] as number;
  const x = PLAN[step + 4] as number;
  const y = PLAN[step + 5] as number;
  const bl = state[b] as number;
  const bh = state[b + 1] as number;
  const sum = (state[a] as number) + bl + (message[x] as number);
  const al = sum >>> 0;
  const ah = ((state[a + 1] as number) + bh + (message[x + 1] as number) + Math.floor(sum / 0x1_0000_0000)) >>> 0;
  const dl = ((state[d + 1] as number) ^ ah) >>> 0;
  const dh = (state[d] as number) ^ al;
  const sum2 = (state[c] as number) + dl;
  const cl = sum2 >>> 0;
  const ch = ((state[c + 1] as number) + dh + (sum2 > 0xffffffff ? 1 : 0)) >>> 0;
  const tl = bl ^ cl;
  const th = bh ^ ch;
  const bl2 = ((tl >>> 24) | (th << 8)) >>> 0;
  const bh2 = ((th >>> 24) | (tl << 8)) >>> 0;
  const sum3 = al + bl2 + (message[y] as number);
  const al2 = sum3 >>> 0;
  const ah2 = (ah + bh2 + (message[y + 1] as number) + Math.floor(sum3 / 0x1_0000_0000)) >>> 0;
  const ul = dl ^ al2;
  const uh = dh ^ ah2;
  const dl2 = ((ul >>> 16) | (uh << 16)) >>> 0;
  const dh2 = ((uh >>> 16) | (ul << 16)) >>> 0;
  const sum4 = cl + dl2;
  const ch2 = (ch + dh2 + (sum4 > 0xffffffff ? 1 : 0)) >>> 0;
  const wl = bl2 ^ sum4;
  const wh = bh2 ^ ch2;
  state[a] = al2;
  state[a + 1] = ah2;
  state[b] = (wl << 1) | (wh >>> 31);
  state[b + 1] = (wh << 1) | (wl >>> 31);
  state[c] = sum4;
  state[c + 1] = ch2;
  state[d] = dl2;
  state[d + 1] = dh2;
}
