/** The encodings of ECMA-119 (chapters 7 and 8.4.26) and the fixed date that makes equal input equal bytes. */

export const SECTOR = 2048;

export const sectors = (bytes: number): number => Math.ceil(bytes / SECTOR);

/** Parts one after the other. */
export function join(...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export const ascii = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));

/** UCS-2, big end first, as Joliet has its names. */
export function ucs2(text: string): Uint8Array {
  const units = Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));
  return Uint8Array.from(units.flatMap((unit) => [unit >> 8, unit & 0xff]));
}

/** `text` filled up with blanks. */
export const padded = (text: string, length: number): Uint8Array => ascii(text.padEnd(length));
export const paddedUcs2 = (text: string, length: number): Uint8Array => ucs2(text.padEnd(length / 2));

export const little32 = (value: number) => [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24];
export const big32 = (value: number) => little32(value).reverse();
/** Both byte orders, one after the other (7.2.3 and 7.3.3). */
export const both16 = (value: number) => [value & 0xff, value >>> 8, value >>> 8, value & 0xff];
export const both32 = (value: number) => [...little32(value), ...big32(value)];

/** 1 January 2020, 00:00:00 UTC, in the two forms of a date. */
export const SHORT_DATE = [120, 1, 1, 0, 0, 0, 0] as const;
export const LONG_DATE = join(ascii("2020010100000000"), [0]);
export const NO_DATE = join(ascii("0".repeat(16)), [0]);
