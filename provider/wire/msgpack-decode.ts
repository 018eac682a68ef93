import { UNKNOWN, type Value } from "@guestkit/core/model";

const MAX_DEPTH = 200;

/**
 * The value in `bytes`. Every extension is an unknown value: type 0 as such, type 12 with refinements, which only ever
 * narrow it. Whole numbers beyond 2^53 lose precision, which their field's check then refuses. Throws a RangeError where the bytes end early, are left over, or are no msgpack.
 */
export function decodeMsgpack(bytes: Uint8Array): Value {
  const reader = new Reader(bytes);
  const value = reader.value(0);
  if (!reader.ended) throw new RangeError("Bytes are left over after a msgpack value");
  return value;
}

class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get ended(): boolean {
    return this.#at >= this.#bytes.length;
  }

  value(depth: number): Value {
    if (depth > MAX_DEPTH) throw new RangeError("A msgpack value is nested too deeply");
    const type = this.#take(1).readUInt8();
    if (type < 0x80) return type;
    if (type < 0x90) return this.#map(type & 0x0f, depth);
    if (type < 0xa0) return this.#array(type & 0x0f, depth);
    if (type < 0xc0) return this.#string(type & 0x1f);
    if (type >= 0xe0) return type - 0x100;
    return this.#long(type, depth);
  }

  #long(type: number, depth: number): Value {
    if (type === 0xc0) return null;
    if (type === 0xc2 || type === 0xc3) return type === 0xc3;
    if (type === 0xca) return this.#take(4).readFloatBE();
    if (type === 0xcb) return this.#take(8).readDoubleBE();
    if (type >= 0xcc && type <= 0xcf) return this.#unsigned(2 ** (type - 0xcc));
    if (type >= 0xd0 && type <= 0xd3) return this.#signed(2 ** (type - 0xd0));
    if (type >= 0xd4 && type <= 0xd8) return this.#extension(2 ** (type - 0xd4));
    if (type >= 0xc7 && type <= 0xc9) return this.#extension(this.#unsigned(2 ** (type - 0xc7)));
    if (type >= 0xd9 && type <= 0xdb) return this.#string(this.#unsigned(2 ** (type - 0xd9)));
    if (type === 0xdc || type === 0xdd) return this.#array(this.#unsigned(type === 0xdc ? 2 : 4), depth);
    if (type === 0xde || type === 0xdf) return this.#map(this.#unsigned(type === 0xde ? 2 : 4), depth);
    throw new RangeError(`msgpack type 0x${type.toString(16)} is not one of Terraform's`);
  }

  #string(length: number): string {
    return this.#take(length).toString("utf8");
  }

  #array(length: number, depth: number): Value {
    this.#bound(length);
    return Array.from({ length }, () => this.value(depth + 1));
  }

  #map(length: number, depth: number): Value {
    this.#bound(length);
    return Object.fromEntries(Array.from({ length }, () => [this.#key(), this.value(depth + 1)]));
  }

  #key(): string {
    const key = this.value(MAX_DEPTH);
    if (typeof key !== "string") throw new RangeError("A msgpack map has a key that is no string");
    return key;
  }

  #extension(length: number): typeof UNKNOWN {
    this.#take(length + 1);
    return UNKNOWN;
  }

  #unsigned(width: number): number {
    const bytes = this.#take(width);
    return width === 8 ? Number(bytes.readBigUInt64BE()) : bytes.readUIntBE(0, width);
  }

  #signed(width: number): number {
    const bytes = this.#take(width);
    return width === 8 ? Number(bytes.readBigInt64BE()) : bytes.readIntBE(0, width);
  }

  #take(length: number): Buffer {
    this.#bound(length);
    const bytes = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return bytes;
  }

  /** Every item takes a byte at least, so no count can ask for more than there is. */
  #bound(length: number): void {
    if (this.#at + length > this.#bytes.length) throw new RangeError("A msgpack value ends early");
  }
}
