import { dirname, isAbsolute } from "node:path";
import { canonicalFields } from "../engine/normalise.ts";
import type { Contract, Field, FieldType } from "../model/contract.ts";
import { isList, isObject, type Value, type ValueObject } from "../model/value.ts";

/** A thing as what names it: a file by its path, whichever contract it is of, others by contract and id. */
export const selfOf = (contract: string, id: string): string => (isAbsolute(id) ? id : `${contract} ${id}`);

/** Folders that lead to a file. */
export function placesAbove(id: string): readonly string[] {
  if (!isAbsolute(id)) return [];
  const above = dirname(id);
  return above === id ? [] : [above, ...placesAbove(above)];
}

/**
 * What a thing has to do with the world beside itself, one text each: paths of the host, things of other contracts, and
 * what only one thing at a time can have (`claims`). What is UNKNOWN tells nothing.
 */
export function claimsOf(contract: Contract, state: ValueObject | null, baseDir: string): ReadonlySet<string> {
  if (!state) return new Set();
  const input = canonicalFields(contract.input, state, baseDir);
  return new Set([
    ...within(contract.input, input),
    ...within(contract.output, state),
    ...(typeof state.id === "string" ? [selfOf(contract.name, state.id)] : []),
  ]);
}

const within = (fields: readonly Field[], value: ValueObject): readonly string[] =>
  fields.flatMap((field) => claimed(field.type, value[field.name] ?? null, field));

function claimed(type: FieldType, value: Value, field: Field): readonly string[] {
  if (type.kind === "object") return isObject(value) ? within(type.fields, value) : [];
  if (type.kind === "list") return isList(value) ? value.flatMap((each) => claimed(type.element, each, field)) : [];
  if (type.kind === "map")
    return isObject(value) ? Object.values(value).flatMap((each) => claimed(type.element, each, field)) : [];
  if (field.claims !== undefined) return value ? [`${field.claims} ${String(value)}`] : [];
  if (typeof value !== "string" || (type.kind === "string" && type.form === "guestPath")) return [];
  if (field.refersTo !== undefined) return [selfOf(field.refersTo, value)];
  return isAbsolute(value) ? [value] : [];
}
