import {
  type Contract,
  type FieldType,
  isList,
  isObject,
  UNKNOWN,
  type Value,
  type ValueObject,
} from "@guestkit/core/model";
import type { Side } from "./attribute.ts";
import { hasWriteOnly, inputFields, type NamedField, named, outputFields } from "./names.ts";

/** A configuration or state in guestkit's names, from what Terraform holds. Null where there is none. */
export function fromTerraform(contract: Contract, value: Value): ValueObject | null {
  if (!isObject(value)) return null;
  return {
    ...readFields(inputFields(contract), value, hasWriteOnly(contract)),
    ...readFields(outputFields(contract), value, false),
    ...(contract.kind === "resource" && { id: value.id ?? null }),
  };
}

/** The inputs alone, nulls left out: what the user really wrote. */
export function configFromTerraform(contract: Contract, value: Value): ValueObject | null {
  if (!isObject(value)) return null;
  const given = readFields(inputFields(contract), value, hasWriteOnly(contract));
  return Object.fromEntries(Object.entries(given).filter(([, each]) => each !== null));
}

function readFields(fields: readonly NamedField[], value: ValueObject, withWriteOnly: boolean): ValueObject {
  return Object.fromEntries(
    fields.map(({ name, field }) => [field.name, readValue(field.type, value[name] ?? null, withWriteOnly)]),
  );
}

/** One value of a field. */
export function readValue(type: FieldType, value: Value, withWriteOnly: boolean): Value {
  if (value === null || value === UNKNOWN) return value;
  if (type.kind === "object" && isObject(value))
    return readFields(named(type.fields, withWriteOnly), value, withWriteOnly);
  if (type.kind === "list" && isList(value)) return value.map((each) => readValue(type.element, each, withWriteOnly));
  if (type.kind === "map" && isObject(value)) {
    return mapEntries(value, (each) => readValue(type.element, each, withWriteOnly));
  }
  // A number that no machine word holds comes as text.
  const isNumber = type.kind === "integer" || type.kind === "number";
  return isNumber && typeof value === "string" ? Number(value) : value;
}

/**
 * Every attribute of the schema, nulls too, in Terraform's names and types. Write-only ones are null. `owner`: by which name
 * the state owns a resource.
 */
export function toTerraform(contract: Contract, value: ValueObject | null, owner: Value = null): Value {
  if (value === null) return null;
  const isResource = contract.kind === "resource";
  return {
    ...writeFields(inputFields(contract), value, "input", hasWriteOnly(contract)),
    ...writeFields(outputFields(contract), value, "output", false),
    ...(isResource && { id: value.id ?? null, owner }),
  };
}

function writeFields(
  fields: readonly NamedField[],
  value: ValueObject,
  side: Side,
  withWriteOnly: boolean,
): ValueObject {
  return Object.fromEntries(
    fields.map(({ name, field, writeOnly }) => [
      name,
      writeOnly ? null : writeValue(field.type, value[field.name] ?? null, side, withWriteOnly),
    ]),
  );
}

export function writeValue(type: FieldType, value: Value, side: Side, withWriteOnly: boolean): Value {
  if (value === null || value === UNKNOWN) return value;
  if (type.kind === "object" && isObject(value)) {
    return writeFields(named(type.fields, withWriteOnly), value, side, withWriteOnly);
  }
  if (type.kind === "list" && isList(value)) {
    return value.map((each) => writeValue(type.element, each, side, withWriteOnly));
  }
  if (type.kind === "map" && isObject(value)) {
    return mapEntries(value, (each) => writeValue(type.element, each, side, withWriteOnly));
  }
  const isText = type.kind === "string" || type.kind === "path" || (type.kind === "size" && side !== "output");
  return isText ? String(value) : value;
}

function mapEntries(value: ValueObject, change: (each: Value) => Value): ValueObject {
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, change(each)]));
}
