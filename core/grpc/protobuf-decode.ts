import { type FieldLayout, layoutOf, type Table } from "./protobuf-layout.ts";

type Fields = Record<string, unknown>;

/**
 * The message of that name in `bytes`. Fields that the table does not know are skipped, those that are absent are undefined.
 * Throws a RangeError where the bytes end early or a 64-bit number is no safe integer.
 */
export function decodeFields(table: Table, name: string, bytes: Uint8Array): Fields {
  return readMessage(table, name, new Reader(bytes));
}

function readMessage(table: Table, name: string, reader: Reader): Fields {
  const message: Fields = {};
  const fields = layoutOf(table, name);
  while (!reader.ended) {
    const { number, wire } = reader.tag();
    const field = fields.find((each) => each.number === number);
    if (field) addField(table, message, field, reader);
    else reader.skip(wire);
  }
  return message;
}

function addField(table: Table, message: Fields, field: FieldLayout, reader: Reader): void {
  const { name, label } = field;
  if (label === "single") message[name] = readValue(table, field, reader);
  else {
    message[name] ??= label === "repeated" ? [] : {};
    if (label === "repeated") (message[name] as unknown[]).push(readValue(table, field, reader));
    else addEntry(message[name] as Fields, readEntry(table, field, reader.delimited()));
  }
}

function readValue(table: Table, { kind }: FieldLayout, reader: Reader): unknown {
  if (kind === "string") return Buffer.from(reader.delimited()).toString("utf8");
  if (kind === "bytes") return reader.delimited();
  if (kind === "bool") return reader.varint() !== 0;
  if (kind === "double") return reader.double();
  if (kind === "int64" || kind === "uint32") return reader.varint();
  return readMessage(table, kind, new Reader(reader.delimited()));
}

/** Whatever the key is called: an assignment would set a prototype. */
function addEntry(map: Fields, [key, value]: readonly [string, unknown]): void {
  Object.defineProperty(map, key, { value, enumerable: true, writable: true, configurable: true });
}

/** A map's entry: key (1) and value (2). */
function readEntry(table: Table, field: FieldLayout, bytes: Uint8Array): readonly [string, unknown] {
  const reader = new Reader(bytes);
  let key = "";
  let value: unknown;
  while (!reader.ended) {
    const { number, wire } = reader.tag();
    if (number === 1) key = Buffer.from(reader.delimited()).toString("utf8");
    else if (number === 2) value = readValue(table, field, reader);
    else reader.skip(wire);
  }
  return [key, value];
}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get ended(): boolean {
    return this.#at >= this.#bytes.length;
  }

  tag(): { number: number; wire: number } {
    const tag = this.varint();
    return { number: Math.floor(tag / 8), wire: tag % 8 };
  }

  varint(): number {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#take(1)[0] ?? 0;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return safe(BigInt.asIntN(64, value));
    }
    throw new RangeError("A protobuf number is longer than ten bytes");
  }

  double(): number {
    return Buffer.from(this.#take(8)).readDoubleLE();
  }

  delimited(): Uint8Array {
    return this.#take(this.varint());
  }

  skip(wire: number): void {
    if (wire === 0) this.varint();
    else if (wire === 1) this.#take(8);
    else if (wire === 2) this.delimited();
    else if (wire === 5) this.#take(4);
    else throw new RangeError(`Protobuf wire type ${wire} is unknown`);
  }

  #take(length: number): Uint8Array {
    const end = this.#at + length;
    if (length < 0 || end > this.#bytes.length) throw new RangeError("A protobuf message ends early");
    const bytes = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return bytes;
  }
}

function safe(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new RangeError(`${value} is no safe integer`);
  return number;
}
