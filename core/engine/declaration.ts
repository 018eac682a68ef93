import { spellSize } from "../kit/size.ts";
import type { Contract, Field, FieldType } from "../model/contract.ts";
import { isList, isObject, type Value, type ValueObject } from "../model/value.ts";
import { canonical, implied, mapValues, sameValue } from "./normalise.ts";

/**
 * What a user would have written to get a state: a declaration against which it plans nothing, without what goes without
 * saying, sizes as people write them. Secrets are in no state: their versions alone are told.
 */
export function declarationOf(contract: Contract, state: ValueObject): ValueObject {
  return declared(contract.input, state);
}

function declared(fields: readonly Field[], state: ValueObject): ValueObject {
  const told = fields.filter((field) => !field.writeOnly && !goesWithoutSaying(field, state[field.name] ?? null));
  return Object.fromEntries(told.map(({ name, type }) => [name, written(type, state[name] ?? null)]));
}

/** Null, the default, or what the field stands for where it is left out. Whatever host it is on: paths are compared as they are. */
function goesWithoutSaying(field: Field, value: Value): boolean {
  if (value === null) return true;
  const silent = implied(field, (field.default as Value | undefined) ?? null);
  return silent !== null && sameValue(canonical(field.type, value, "/"), canonical(field.type, silent, "/"));
}

function written(type: FieldType, value: Value): Value {
  if (type.kind === "size") return Number.isSafeInteger(Number(value)) ? spellSize(Number(value)) : value;
  if (type.kind === "object" && isObject(value)) return declared(type.fields, value);
  if (type.kind === "list" && isList(value)) return value.map((each) => written(type.element, each));
  return type.kind === "map" && isObject(value) ? mapValues(value, (each) => written(type.element, each)) : value;
}
