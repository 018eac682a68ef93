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
  return typeof base === "string" ? observed : withSides(fields, observed);
}

const withSides = (fields: readonly Field[], value: ValueObject): ValueObject => ({
  ...value,
  ...Object.fromEntries(
    fields.flatMap(({ name, type }) => (name in value ? [[name, withSide(type, value[name] ?? null)]] : [])),
  ),
});

function withSide(type: FieldType, value: Value): Value {
  if (type.kind === "object") return isObject(value) ? withSides(type.fields, value) : value;
  if (type.kind === "list") return isList(value) ? value.map((each) => withSide(type.element, each)) : value;
  if (type.kind === "map") return isObject(value) ? mapValues(value, (each) => withSide(type.element, each)) : value;
  const isCallers = (type.kind === "path" || type.kind === "string") && type.side !== undefined;
  return isCallers && typeof value === "string" && value.startsWith("/") ? ofHost(value) : value;
}
