import { withoutSignature } from "../kit/address.ts";
import { parseSize } from "../kit/size.ts";
import type { Field, FieldType, Literal } from "../model/contract.ts";
import { isList, isObject, UNKNOWN, type Value, type ValueObject } from "../model/value.ts";
import { type BaseDir, isDigest, spelledAs, spelledOn, spelledPath } from "./spelling.ts";

/** Every declared field present: the user's value, else the default, else null. Undeclared ones are dropped. */
export function normalise(fields: readonly Field[], given: ValueObject): ValueObject {
  return Object.fromEntries(fields.map((field) => [field.name, normaliseField(field, given[field.name])]));
}

function normaliseField(field: Field, value: Value | undefined): Value {
  if (value === undefined || value === null) return literal(field.default);
  return normaliseType(field.type, value);
}

function literal(value: Literal | undefined): Value {
  return value === undefined ? null : (value as Value);
}

/** A field's value, or what its absence stands for. */
export function implied({ type, absent }: Field, value: Value): Value {
  return value === null && absent !== undefined ? normaliseType(type, absent as Value) : value;
}

function normaliseType(type: FieldType, value: Value): Value {
  if (type.kind === "object" && isObject(value)) return normalise(type.fields, value);
  if (type.kind === "list" && isList(value)) return value.map((each) => normaliseType(type.element, each));
  if (type.kind === "map" && isObject(value)) return mapValues(value, (each) => normaliseType(type.element, each));
  return value;
}

/** The fields that stand for something where they are left out, as what they stand for. */
export function impliedFields(fields: readonly Field[], value: ValueObject): ValueObject {
  const silent = fields.filter(({ absent }) => absent !== undefined);
  return Object.fromEntries(silent.map((field) => [field.name, implied(field, value[field.name] ?? null)]));
}

/**
 * The one form of equal values: sizes as bytes, host paths absolute (relative ones from `base`), texts of a form in its
 * spelling.
 * Implementations are handed this form. Expects valid values; UNKNOWN stays.
 */
export function canonical(type: FieldType, value: Value, base: BaseDir): Value {
  if (value === null || value === UNKNOWN) return value;
  switch (type.kind) {
    case "size":
      return canonicalSize(value);
    case "path":
      return typeof value === "string" ? spelledPath(value, type.side, base) : value;
    case "string":
      return type.form && typeof value === "string" ? spelledOn(type.side, type.form, value, base) : value;
    case "object":
      return isObject(value) ? canonicalFields(type.fields, value, base) : value;
    case "list":
      return isList(value) ? value.map((each) => canonical(type.element, each, base)) : value;
    case "map":
      return isObject(value) ? mapValues(value, (each) => canonical(type.element, each, base)) : value;
    default:
      return value;
  }
}

export function canonicalFields(fields: readonly Field[], value: ValueObject, base: BaseDir): ValueObject {
  return Object.fromEntries(
    fields.map((field) => [field.name, canonical(field.type, value[field.name] ?? null, base)]),
  );
}

/** A size that has no valid spelling stays as it is: validation has said so, and it equals only itself. */
function canonicalSize(value: Value): Value {
  try {
    return parseSize(value as string | number);
  } catch {
    return value;
  }
}

/** Whether two values of a field stand for the same thing: in canonical form, and however their addresses are signed. */
export function equalValues(type: FieldType, a: Value, b: Value, base: BaseDir): boolean {
  return sameValue(unsigned(type, canonical(type, a, base)), unsigned(type, canonical(type, b, base)));
}

/** Whether a field is an address of what both sides declare the same digest for: a mirror that moved is no change. */
export function sameDigest({ type }: Field, a: ValueObject, b: ValueObject): boolean {
  const digest = type.kind === "string" ? type.address?.digest : undefined;
  if (digest === undefined) return false;
  const [one, two] = [a[digest], b[digest]];
  return (
    typeof one === "string" &&
    typeof two === "string" &&
    isDigest(one) &&
    spelledAs("digest", one, "/") === spelledAs("digest", two, "/")
  );
}

/** What tells an element of a keyed list from the others, in its one spelling. */
export function keyOf({ key, element }: FieldType & { kind: "list" }, value: Value): Value {
  if (key === undefined || !isObject(value)) return value;
  const field = element.kind === "object" ? element.fields.find(({ name }) => name === key) : undefined;
  return field ? canonical(field.type, value[key] ?? null, "/") : (value[key] ?? null);
}

/** Addresses without what signs them, at any depth. */
export function unsigned(type: FieldType, value: Value): Value {
  if (!hasAddress(type)) return value;
  if (type.kind === "object" && isObject(value)) {
    return Object.fromEntries(
      type.fields.map((field) => [field.name, unsigned(field.type, value[field.name] ?? null)]),
    );
  }
  if (type.kind === "list" && isList(value)) return value.map((each) => unsigned(type.element, each));
  if (type.kind === "map" && isObject(value)) return mapValues(value, (each) => unsigned(type.element, each));
  return typeof value === "string" ? withoutSignature(value) : value;
}

/** Most types have none; each is looked at once. */
const addressed = new WeakMap<FieldType, boolean>();

function hasAddress(type: FieldType): boolean {
  const known = addressed.get(type);
  if (known !== undefined) return known;
  const found =
    type.kind === "object"
      ? type.fields.some((field) => hasAddress(field.type))
      : type.kind === "list" || type.kind === "map"
        ? hasAddress(type.element)
        : type.kind === "string" && type.address !== undefined;
  addressed.set(type, found);
  return found;
}

/** Deep equality of canonical values; UNKNOWN equals nothing. */
export function sameValue(a: Value, b: Value): boolean {
  if (a === UNKNOWN || b === UNKNOWN) return false;
  if (isList(a) && isList(b)) return a.length === b.length && a.every((each, i) => sameValue(each, b[i] ?? null));
  if (isObject(a) && isObject(b)) {
    return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) =>
      sameValue(a[key] ?? null, b[key] ?? null),
    );
  }
  return a === b;
}

export function mapValues(value: ValueObject, change: (each: Value) => Value): ValueObject {
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, change(each)]));
}
