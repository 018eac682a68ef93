/**
 * The few DER encodings that a certificate is made of.
 * Spec: ITU-T X.690, https://www.itu.int/rec/T-REC-X.690
 */

/** A value with its tag and length in front. */
function tagged(tag: number, ...content: readonly Uint8Array[]): Uint8Array {
  const body = Buffer.concat(content);
  return Buffer.concat([Uint8Array.of(tag, ...lengthBytes(body.length)), body]);
}

function lengthBytes(length: number): number[] {
  if (length < 0x80) return [length];
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return [0x80 | bytes.length, ...bytes];
}

export const sequence = (...items: readonly Uint8Array[]) => tagged(0x30, ...items);
export const set = (...items: readonly Uint8Array[]) => tagged(0x31, ...items);
export const octets = (content: Uint8Array) => tagged(0x04, content);
export const utf8 = (text: string) => tagged(0x0c, Buffer.from(text));
export const boolean = (value: boolean) => tagged(0x01, Uint8Array.of(value ? 0xff : 0));
/** Context-specific and constructed: `[n] EXPLICIT`. */
export const explicit = (n: number, content: Uint8Array) => tagged(0xa0 | n, content);
/** Context-specific and primitive: `[n] IMPLICIT` of a string. */
export const implicitText = (n: number, text: string) => tagged(0x80 | n, Buffer.from(text));

/** A positive INTEGER of big-endian bytes. */
export function integer(bytes: Uint8Array): Uint8Array {
  const padded = (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Uint8Array.of(0), bytes]) : bytes;
  return tagged(0x02, padded);
}

/** A BIT STRING whose last byte has `unused` bits that do not count. */
export function bits(content: Uint8Array, unused = 0): Uint8Array {
  return tagged(0x03, Uint8Array.of(unused), content);
}

/** An OBJECT IDENTIFIER in dots. */
export function oid(text: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = text.split(".").map(Number);
  return tagged(0x06, Uint8Array.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function base128(value: number): number[] {
  const bytes = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) bytes.unshift(128 | (rest % 128));
  return bytes;
}

/** UTCTime; years from 1950 to 2049. */
export function utcTime(time: Date): Uint8Array {
  return tagged(0x17, Buffer.from(`${time.toISOString().slice(2, 19).replace(/[-:T]/g, "")}Z`));
}
