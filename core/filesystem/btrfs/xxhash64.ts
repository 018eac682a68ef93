/**
 * XXH64 with seed 0 (https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md). The lanes, which take all of a
 * block, are held in halves of 32 bits: a BigInt for each product takes twenty times as long. What comes once a block is
 * plain.
 */
const P1 = 0x9e3779b185ebca87n;
const P2 = 0xc2b2ae3d27d4eb4fn;
const P3 = 0x165667b19e3779f9n;
const P4 = 0x85ebca77c2b2ae63n;
const P5 = 0x27d4eb2f165667c5n;
const [P1_LOW, P1_HIGH, P2_LOW, P2_HIGH] = [0x85ebca87, 0x9e3779b1, 0x27d4eb4f, 0xc2b2ae3d];

const wrap = (value: bigint): bigint => BigInt.asUintN(64, value);
const rotate = (value: bigint, bits: bigint): bigint => wrap(value << bits) | (value >> (64n - bits));
const round = (lane: bigint, word: bigint): bigint => wrap(rotate(wrap(lane + word * P2), 31n) * P1);

/** The hash of `data[start, end)`. */
export function xxhash64(data: Uint8Array, start = 0, end = data.length): bigint {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const length = end - start;
  let at = start + Math.floor(length / 32) * 32;
  let hash = wrap((length >= 32 ? merge(lanesOf(view, start, at)) : P5) + BigInt(length));
  for (; at + 8 <= end; at += 8) {
    hash = wrap(rotate(hash ^ round(0n, view.getBigUint64(at, true)), 27n) * P1 + P4);
  }
  if (at + 4 <= end) {
    hash = wrap(rotate(hash ^ wrap(BigInt(view.getUint32(at, true)) * P1), 23n) * P2 + P3);
    at += 4;
  }
  for (; at < end; at++) hash = wrap(rotate(hash ^ wrap(BigInt(view.getUint8(at)) * P5), 11n) * P1);
  hash = wrap((hash ^ (hash >> 33n)) * P2);
  hash = wrap((hash ^ (hash >> 29n)) * P3);
  return hash ^ (hash >> 32n);
}

function merge(lanes: BigUint64Array): bigint {
  const [a, b, c, d] = lanes as unknown as [bigint, bigint, bigint, bigint];
  let hash = wrap(rotate(a, 1n) + rotate(b, 7n) + rotate(c, 12n) + rotate(d, 18n));
  for (const lane of lanes) hash = wrap((hash ^ round(0n, lane)) * P1 + P4);
  return hash;
}

/** The high half of the last product. */
let high = 0;

/** The low half of a product of two words modulo 2^64; in pieces of 16 bits, since a double holds 53. */
function multiply(aLow: number, aHigh: number, bLow: number, bHigh: number): number {
  const upper = (aLow >>> 16) * bLow + Math.floor(((aLow & 0xffff) * bLow) / 0x1_0000);
  high = (Math.floor(upper / 0x1_0000) + Math.imul(aLow, bHigh) + Math.imul(aHigh, bLow)) >>> 0;
  return Math.imul(aLow, bLow) >>> 0;
}

/** `end - start` is a multiple of 32. */
function lanesOf(view: DataView, start: number, end: number): BigUint64Array {
  const lanes = BigUint64Array.of(wrap(P1 + P2), P2, 0n, wrap(-P1));
  const halves = new DataView(lanes.buffer);
  const little = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
  for (let lane = 0; lane < 32; lane += 8) {
    let low = halves.getUint32(lane + (little ? 0 : 4), little);
    let top = halves.getUint32(lane + (little ? 4 : 0), little);
    for (let at = start + lane; at < end; at += 32) {
      const sum = low + multiply(view.getUint32(at, true), view.getUint32(at + 4, true), P2_LOW, P2_HIGH);
      const over = top + high + (sum > 0xffffffff ? 1 : 0);
      low = multiply(((sum << 31) | (over >>> 1)) >>> 0, ((over << 31) | (sum >>> 1)) >>> 0, P1_LOW, P1_HIGH);
      top = high;
    }
    halves.setUint32(lane + (little ? 0 : 4), low, little);
    halves.setUint32(lane + (little ? 4 : 0), top, little);
  }
  return lanes;
}
