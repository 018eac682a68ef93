import { UNKNOWN, type Value } from "@guestkit/core/model";

/**
 * msgpack as Terraform's values use it: nil, booleans, strings, whole numbers as integers, others as 64-bit floats,
 * arrays, maps with string keys, and an unknown value as an extension of type 0.
 * Spec: https://github.com/msgpack/msgpack/blob/master/spec.md
 */
export function encodeMsgpack(value: Value): Uint8Array {
  const parts: Uint8Array[] = [];
  write(parts, value);
  return Buffer.concat(parts);
}

const NIL = Uint8Array.of(0xc0);
const FALSE = Uint8Array.of(0xc2);
const TRUE = Uint8Array.of(0xc3);
const UNKNOWN_EXTENSION = Uint8Array.of(0xd4, 0, 0);

function write(parts: Uint8Array[], value: Value): void {
  if (value === null) parts.push(NIL);
  else if (value === UNKNOWN) parts.push(UNKNOWN_EXTENSION);
  else if (typeof value === "boolean") parts.push(value ? TRUE : FALSE);
  else if (typeof value === "number") parts.push(encodeNumber(value));
  else if (typeof value === "string") writeString(parts, value);
  else if (Array.isArray(value)) {
    parts.push(head(value.length, 0x90, 16, 0xdc));
    for (const item of value as readonly Value[]) write(parts, item);
  } else writeMap(parts, Object.entries(value as Readonly<Record<string, Value>>));
}

function writeMap(parts: Uint8Array[], entries: readonly (readonly [string, Value])[]): void {
  parts.push(head(entries.length, 0x80, 16, 0xde));
  for (const [key, item] of entries) {
    writeString(parts, key);
    write(parts, item);
  }
}

function writeString(parts: Uint8Array[], text: string): void {
  const bytes = Buffer.from(text, "utf8");
  parts.push(
    bytes.length > 31 && bytes.length < 0x100 ? Uint8Array.of(0xd9, bytes.length) : head(bytes.length, 0xa0, 32, 0xda),
  );
  parts.push(bytes);
}

/** Length in the first byte below `small`, else after `wide` in 16 bits or after `wide + 1` in 32. */
function head(length: number, fixed: number, small: number, wide: number): Uint8Array {
  if (length < small) return Uint8Array.of(fixed | length);
  const bytes = Buffer.alloc(length < 0x10000 ? 3 : 5);
  bytes[0] = length < 0x10000 ? wide : wide + 1;
  if (length < 0x10000) bytes.writeUInt16BE(length, 1);
  else bytes.writeUInt32BE(length, 1);
  return bytes;
}

function encodeNumber(value: number): Uint8Array {
  if (Number.isInteger(value) && value >= -32 && value < 128) return Uint8Array.of(value & 0xff);
  const bytes = Buffer.alloc(9);
  if (Number.isSafeInteger(value)) {
    bytes[0] = 0xd3;
    bytes.writeBigInt64BE(BigInt(value), 1);
  } else {
    bytes[0] = 0xcb;
    bytes.writeDoubleBE(value, 1);
  }
  return bytes;
}
