import { isSigned } from "../kit/address.ts";
import type { Field, FieldType } from "../model/contract.ts";
import { isList, isObject, type Value, type ValueObject } from "../model/value.ts";
import { mapValues, unsigned } from "./normalise.ts";

/** What may be told and written down of a declaration: secrets are null, addresses without what signs them. */
export function tellable(fields: readonly Field[], value: ValueObject): ValueObject {
  return Object.fromEntries(fields.map((field) => [field.name, tellField(field, value[field.name] ?? null)]));
}

/** The same of one value. */
export function tellValue(type: FieldType, value: Value): Value {
  if (type.kind === "object" && isObject(value)) return tellable(type.fields, value);
  if (type.kind === "map" && isObject(value)) return mapValues(value, (each) => tellValue(type.element, each));
  return type.kind === "list" && isList(value)
    ? value.map((each) => tellValue(type.element, each))
    : unsigned(type, value);
}

/** What was given of a declaration, in its own order, with `mark` for secrets. */
export function tellGiven(fields: readonly Field[], given: ValueObject, mark: Value): ValueObject {
  const told = Object.entries(given).flatMap(([name, value]): [string, Value][] => {
    const field = fields.find((each) => each.name === name);
    if (!field || value === null) return [];
    return [[name, isSecret(field) ? mark : tellWithin(field.type, value, mark)]];
  });
  return Object.fromEntries(told);
}

function tellWithin(type: FieldType, value: Value, mark: Value): Value {
  if (type.kind === "object" && isObject(value)) return tellGiven(type.fields, value, mark);
  if (type.kind === "map" && isObject(value)) return mapValues(value, (each) => tellWithin(type.element, each, mark));
  if (type.kind === "list" && isList(value)) return value.map((each) => tellWithin(type.element, each, mark));
  return unsigned(type, value);
}

const tellField = (field: Field, value: Value): Value => (isSecret(field) ? null : tellValue(field.type, value));

/** Whether a declaration holds a secret, be it the signature of an address: what is written down nowhere. */
export function holdsSecret(fields: readonly Field[], value: ValueObject): boolean {
  return fields.some((field) => {
    const given = value[field.name] ?? null;
    return isSecret(field) ? !isEmpty(given) : secretWithin(field.type, given);
  });
}

function secretWithin(type: FieldType, value: Value): boolean {
  if (type.kind === "object") return isObject(value) && holdsSecret(type.fields, value);
  if (type.kind === "map")
    return isObject(value) && Object.values(value).some((each) => secretWithin(type.element, each));
  if (type.kind === "list") return isList(value) && value.some((each) => secretWithin(type.element, each));
  return type.kind === "string" && type.address !== undefined && typeof value === "string" && isSigned(value);
}

const isSecret = (field: Field): boolean => field.sensitive === true || field.writeOnly === true;

const isEmpty = (value: Value): boolean => value === null || (isObject(value) && Object.keys(value).length === 0);
