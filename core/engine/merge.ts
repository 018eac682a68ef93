import { isSameFile } from "../host/same-file.ts";
import { isElsewhere } from "../kit/caller-path.ts";
import type { Field, FieldType } from "../model/contract.ts";
import { isList, isObject, type Value, type ValueObject } from "../model/value.ts";
import { canonical, equalValues, implied, keyOf, sameDigest } from "./normalise.ts";
import type { BaseDir } from "./spelling.ts";

type Same = (type: FieldType, a: Value, b: Value) => boolean;

/**
 * What is observed in the spelling of `kept` wherever the two are the same: a field that is left out stays so where the
 * world has what that stands for, and the other way round; a path stays where a link leads to the file that is there.
 */
export function keepObserved(
  fields: readonly Field[],
  kept: ValueObject,
  fresh: ValueObject,
  baseDir: BaseDir,
): ValueObject {
  const spelled = keepFields(fields, kept, fresh, (type, a, b) => isSame(type, a, b, baseDir));
  const same = fields.filter((field) => {
    const before = kept[field.name] ?? null;
    const after = spelled[field.name] ?? null;
    if (field.absent === undefined || (before === null) === (after === null)) return false;
    return equalValues(field.type, implied(field, before), implied(field, after), baseDir);
  });
  return { ...spelled, ...Object.fromEntries(same.map(({ name }) => [name, kept[name] ?? null])) };
}

/** Links are followed here alone: a plan reads nothing. */
function isSame(type: FieldType, a: Value, b: Value, baseDir: BaseDir): boolean {
  if (equalValues(type, a, b, baseDir)) return true;
  const mayLead = type.kind === "path" && type.side === undefined && typeof a === "string" && typeof b === "string";
  return mayLead && isSameFile(String(canonical(type, a, baseDir)), String(canonical(type, b, baseDir)));
}

/**
 * `fresh` with the spelling of `kept` wherever the two are equal after normalising, so that `20G` stays `20G`
 * when the world answers 21474836480. Write-only values become null. It counts whether a field is left out.
 */
export function keepSpelling(
  fields: readonly Field[],
  kept: ValueObject,
  fresh: ValueObject,
  baseDir: BaseDir,
): ValueObject {
  return keepFields(fields, kept, fresh, (type, a, b) => equalValues(type, a, b, baseDir));
}

function keepFields(fields: readonly Field[], kept: ValueObject, fresh: ValueObject, same: Same): ValueObject {
  return Object.fromEntries(
    fields.map((field) => {
      if (field.writeOnly) return [field.name, null];
      if (sameDigest(field, kept, fresh)) return [field.name, kept[field.name] ?? null];
      return [field.name, keepValue(field.type, kept[field.name] ?? null, fresh[field.name] ?? null, same)];
    }),
  );
}

/**
 * The state with create-only fields as they were told last, at any depth of objects: nothing brings the world to another
 * value, so that what is there says nothing of them to who has told one.
 */
export function keepTold(fields: readonly Field[], state: ValueObject, told: ValueObject): ValueObject {
  const kept = fields.map(({ name, type, policy, writeOnly }): [string, Value] => {
    const seen = state[name] ?? null;
    const said = told[name];
    if (policy === "createOnly" && !writeOnly && said !== undefined) return [name, said];
    const isWithin = type.kind === "object" && isObject(seen) && isObject(said ?? null);
    return [name, isWithin ? keepTold(type.fields, seen, said as ValueObject) : seen];
  });
  return Object.fromEntries(kept);
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

function keepValue(type: FieldType, kept: Value, fresh: Value, same: Same): Value {
  if (type.kind === "object" && isObject(fresh)) {
    return keepFields(type.fields, isObject(kept) ? kept : {}, fresh, same);
  }
  if (type.kind === "map" && isObject(fresh)) {
    const from = isObject(kept) ? kept : {};
    return Object.fromEntries(
      Object.entries(fresh).map(([key, each]) => [key, keepValue(type.element, from[key] ?? null, each, same)]),
    );
  }
  if (type.kind === "list" && isList(fresh)) {
    const from = isList(kept) ? kept : [];
    return fresh.map((each, index) => keepValue(type.element, counterpart(type, from, each, index), each, same));
  }
  // Whose word it was: who declares it names it, and what is only kept does not (kit/caller-path).
  const isNamed = typeof kept === "string" && isElsewhere(kept) && fresh !== null;
  return same(type, kept, fresh) && !isNamed ? kept : fresh;
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
