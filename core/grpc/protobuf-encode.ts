import { type FieldLayout, layoutOf, type Table } from "./protobuf-layout.ts";

type Fields = Readonly<Record<string, unknown>>;

/** The protobuf bytes of a message of that name. Fields that are undefined are left out. */
export function encodeFields(table: Table, name: string, message: Fields): Uint8Array {
  const writer = new Writer(table);
  writeMessage(writer, name, message);
  return writer.bytes();
}

function writeMessage(writer: Writer, name: string, message: Fields): void {
  for (const field of layoutOf(writer.table, name)) {
    const value = message[field.name];
    if (value === undefined) continue;
    if (field.label === "repeated") for (const item of value as readonly unknown[]) writeField(writer, field, item);
    else if (field.label === "map") writeMap(writer, field, value as Fields);
    else writeField(writer, field, value);
  }
}

/** A map is a repeated message of key (1) and value (2). */
function writeMap(writer: Writer, field: FieldLayout, entries: Fields): void {
  for (const [key, value] of Object.entries(entries)) {
    const entry = new Writer(writer.table);
    writeField(entry, { number: 1, name: "key", kind: "string", label: "single" }, key);
    writeField(entry, { ...field, number: 2 }, value);
    writer.delimited(field.number, entry.bytes());
  }
}

function writeField(writer: Writer, { number, kind }: FieldLayout, value: unknown): void {
  if (kind === "string") writer.delimited(number, Buffer.from(value as string));
  else if (kind === "bytes") writer.delimited(number, value as Uint8Array);
  else if (kind === "bool") writer.varint(number, value ? 1 : 0);
  else if (kind === "double") writer.double(number, value as number);
  else if (kind === "int64" || kind === "uint32") writer.varint(number, value as number);
  else {
    const inner = new Writer(writer.table);
    writeMessage(inner, kind, value as Fields);
    writer.delimited(number, inner.bytes());
  }
}

class Writer {
  readonly table: Table;
  readonly #parts: Uint8Array[] = [];

  constructor(table: Table) {
    this.table = table;
  }

  varint(field: number, value: number): void {
    this.#parts.push(encodeVarint(field * 8), encodeVarint(value));
  }

  double(field: number, value: number): void {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleLE(value);
    this.#parts.push(encodeVarint(field * 8 + 1), bytes);
  }

  delimited(field: number, bytes: Uint8Array): void {
    this.#parts.push(encodeVarint(field * 8 + 2), encodeVarint(bytes.length), bytes);
  }

  bytes(): Uint8Array {
    return Buffer.concat(this.#parts);
  }
}

/** Seven bits a byte, the lowest first; negative numbers are the ten bytes of their two's complement. */
function encodeVarint(value: number): Uint8Array {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is no safe integer`);
  if (value >= 0 && value < 0x80) return Uint8Array.of(value);
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return Uint8Array.from([...bytes, Number(rest)]);
}
