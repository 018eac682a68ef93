import { ofHost } from "../kit/caller-path.ts";
import type { Field, FieldType } from "../model/contract.ts";
import { isList, isObject, type Value, type ValueObject } from "../model/value.ts";
import { mapValues } from "./normalise.ts";
import type { BaseDir } from "./spelling.ts";

/**
 * What was observed, for a caller on another machine: a plain path in a field of his side was declared on the host, and is a
 * file of the host (`host:/PATH`).
 */
export function observedFrom(fields: readonly Field[], observed: ValueObject, base: BaseDir): ValueObject {
  return typeof base === "string" ? observed : mapSided(fields, observed, withSide);
}

const withSide = (value: Value): Value => (typeof value === "string" && value.startsWith("/") ? ofHost(value) : value);

/** Gives what a field of the caller's side is to have in the place of `value`. */
type Change = (value: Value, type: FieldType) => Value;

/** The fields of the caller's side changed, at any depth; what is not there stays away. */
export const mapSided = (fields: readonly Field[], value: ValueObject, change: Change): ValueObject => ({
  ...value,
  ...Object.fromEntries(
    fields.flatMap(({ name, type }) => (name in value ? [[name, changed(type, value[name] ?? null, change)]] : [])),
  ),
});

function changed(type: FieldType, value: Value, change: Change): Value {
  if (type.kind === "object") return isObject(value) ? mapSided(type.fields, value, change) : value;
  if (type.kind === "list") return isList(value) ? value.map((each) => changed(type.element, each, change)) : value;
  if (type.kind === "map")
    return isObject(value) ? mapValues(value, (each) => changed(type.element, each, change)) : value;
  const isCallers = (type.kind === "path" || type.kind === "string") && type.side !== undefined;
  return isCallers ? change(value, type) : value;
}
