import type { Struct, Value as WireValue } from "../generated/protocol.ts";

/** Properties as they are on the wire: plain JSON, secrets as objects with a signature, what is unknown as a text. */
export type Raw = Readonly<Record<string, unknown>>;

/** A google.protobuf.Struct as the object that it stands for. */
export function readStruct(struct: Struct | undefined): Raw {
  const read = Object.entries(struct?.fields ?? {}).map(([key, value]) => [key, readValue(value)]);
  return Object.fromEntries(read);
}

function readValue(value: WireValue): unknown {
  if (value.struct_value) return readStruct(value.struct_value);
  if (value.list_value) return (value.list_value.values ?? []).map(readValue);
  return value.string_value ?? value.number_value ?? value.bool_value ?? null;
}

/** The way back. What is undefined is left out. */
export function writeStruct(raw: Raw): Struct {
  const given = Object.entries(raw).filter(([, value]) => value !== undefined);
  return { fields: Object.fromEntries(given.map(([key, value]) => [key, writeValue(value)])) };
}

function writeValue(value: unknown): WireValue {
  if (typeof value === "string") return { string_value: value };
  if (typeof value === "number") return { number_value: value };
  if (typeof value === "boolean") return { bool_value: value };
  if (Array.isArray(value)) return { list_value: { values: value.map(writeValue) } };
  return value === null || value === undefined ? { null_value: 0 } : { struct_value: writeStruct(value as Raw) };
}
