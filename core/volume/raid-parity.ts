/** Arithmetic of RAID's parity. Source: H. P. Anvin, "The mathematics of RAID-6", https://kernel.org/pub/linux/kernel/people/hpa/raid6.pdf */

/** Powers of the generator 2 in GF(2^8) over x^8 + x^4 + x^3 + x^2 + 1, twice around; and their logarithms. */
const POWERS = new Uint8Array(510);
const LOGS = new Uint8Array(256);
let power = 1;
for (let exponent = 0; exponent < 255; exponent++) {
  POWERS[exponent] = power;
  POWERS[exponent + 255] = power;
  LOGS[power] = exponent;
  power = power < 128 ? power << 1 : ((power << 1) ^ 0x11d) & 0xff;
}

/** The generator's power; `exponent` may be negative. */
export function generatorPower(exponent: number): number {
  return POWERS[((exponent % 255) + 255) % 255] as number;
}

export function product(a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : (POWERS[(LOGS[a] as number) + (LOGS[b] as number)] as number);
}

/** `b` must not be 0. */
export function quotient(a: number, b: number): number {
  return a === 0 ? 0 : (POWERS[(LOGS[a] as number) + 255 - (LOGS[b] as number)] as number);
}

/** `target[at] ^= factor * bytes[at]` in GF(2^8), for all of `target`. */
export function addProduct(target: Uint8Array, bytes: Uint8Array, factor: number): void {
  if (factor === 1) {
    add(target, bytes);
    return;
  }
  const table = Uint8Array.from({ length: 256 }, (_, value) => product(value, factor));
  for (let at = 0; at < target.length; at++) {
    target[at] = (target[at] as number) ^ (table[bytes[at] as number] as number);
  }
}

function add(target: Uint8Array, bytes: Uint8Array): void {
  const length = target.length & ~3;
  const isAligned = target.byteOffset % 4 === 0 && bytes.byteOffset % 4 === 0;
  const words = isAligned ? length / 4 : 0;
  const [to, from] = [target, bytes].map(
    (each) => new Uint32Array(each.buffer, isAligned ? each.byteOffset : 0, words),
  ) as [Uint32Array, Uint32Array];
  for (let at = 0; at < words; at++) to[at] = (to[at] as number) ^ (from[at] as number);
  for (let at = 4 * words; at < target.length; at++) target[at] = (target[at] as number) ^ (bytes[at] as number);
}
