import type { Field, FieldType } from "../model/contract.ts";
import { isList, isObject, type Value, type ValueObject } from "../model/value.ts";
import { equalValues, implied, keyOf, sameDigest } from "./normalise.ts";

/**
 * `fresh` with the spelling of `kept` wherever the two are equal after normalising, so that `20G` stays `20G`
 * when the world answers 21474836480. Write-only values become null. A field that is left out stays so where the world
 * has what that stands for, and the other way round.
 */
export function keepObserved(
  fields: readonly Field[],
  kept: ValueObject,
  fresh: ValueObject,
  baseDir: string,
): ValueObject {
  const spelled = keepSpelling(fields, kept, fresh, baseDir);
  const same = fields.filter((field) => {
    const before = kept[field.name] ?? null;
    const after = spelled[field.name] ?? null;
    if (field.absent === undefined || (before === null) === (after === null)) return false;
    return equalValues(field.type, implied(field, before), implied(field, after), baseDir);
  });
  return { ...spelled, ...Object.fromEntries(same.map(({ name }) => [name, kept[name] ?? null])) };
}

/** The same for what is wanted: there it counts whether a field is left out. */
export function keepSpelling(
  fields: readonly Field[],
  kept: ValueObject,
  fresh: ValueObject,
  baseDir: string,
): ValueObject {
  return Object.fromEntries(
    fields.map((field) => {
      if (field.writeOnly) return [field.name, null];
      if (sameDigest(field, kept, fresh)) return [field.name, kept[field.name] ?? null];
      return [field.name, keepValue(field.type, kept[field.name] ?? null, fresh[field.name] ?? null, baseDir)];
    }),
  );
}

/** What was observed, and `prior` where that leaves a field out, at any depth: it cannot be observed. */
export function fillUnobserved(fields: readonly Field[], observed: ValueObject, prior: ValueObject): ValueObject {
  return Object.fromEntries(
    fields.map(({ name, type }): [string, Value] => {
      const seen = observed[name];
      const before = prior[name] ?? null;
      return [name, seen === undefined ? before : fillWithin(type, seen, before)];
    }),
  );
}

function fillWithin(type: FieldType, seen: Value, prior: Value): Value {
  if (type.kind === "object" && isObject(seen)) return fillUnobserved(type.fields, seen, isObject(prior) ? prior : {});
  if (type.kind === "map" && isObject(seen)) {
    const from = isObject(prior) ? prior : {};
    return Object.fromEntries(
      Object.entries(seen).map(([key, each]) => [key, fillWithin(type.element, each, from[key] ?? null)]),
    );
  }
  if (type.kind !== "list" || !isList(seen)) return seen;
  const from = isList(prior) ? prior : [];
  return seen.map((each, index) => fillWithin(type.element, each, counterpart(type, from, each, index)));
}

function keepValue(type: FieldType, kept: Value, fresh: Value, baseDir: string): Value {
  if (type.kind === "object" && isObject(fresh)) {
    return keepSpelling(type.fields, isObject(kept) ? kept : {}, fresh, baseDir);
  }
  if (type.kind === "map" && isObject(fresh)) {
    const from = isObject(kept) ? kept : {};
    return Object.fromEntries(
      Object.entries(fresh).map(([key, each]) => [key, keepValue(type.element, from[key] ?? null, each, baseDir)]),
    );
  }
  if (type.kind === "list" && isList(fresh)) {
    const from = isList(kept) ? kept : [];
    return fresh.map((each, index) => keepValue(type.element, counterpart(type, from, each, index), each, baseDir));
  }
  return equalValues(type, kept, fresh, baseDir) ? kept : fresh;
}

/** What stands for the same element in another version of the list: told by its key, else by its place. */
export function counterpart(
  type: FieldType & { kind: "list" },
  from: readonly Value[],
  each: Value,
  index: number,
): Value {
  if (!type.key || !isObject(each)) return from[index] ?? null;
  const wanted = keyOf(type, each);
  return from.find((other) => isObject(other) && keyOf(type, other) === wanted) ?? null;
}
