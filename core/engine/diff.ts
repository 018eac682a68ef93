import type { Field, FieldType, Policy } from "../model/contract.ts";
import { isList, isObject, UNKNOWN, type Value, type ValueObject } from "../model/value.ts";
import { equalValues, implied, keyOf, sameDigest, sameValue } from "./normalise.ts";
import type { FieldPath } from "./path.ts";
import type { BaseDir } from "./spelling.ts";

export interface Change {
  readonly path: FieldPath;
  readonly before: Value;
  readonly after: Value;
  /** Of the nearest field that declares one; undefined is an ordinary update. */
  readonly policy: Policy | undefined;
  readonly sensitive: boolean;
}

interface Scope {
  readonly path: FieldPath;
  readonly policy: Policy | undefined;
  readonly sensitive: boolean;
  readonly baseDir: BaseDir;
}

/** The changes that lead from `before` to `after`, both normalised. Create-only, adopted and secret values make none. */
export function diff(fields: readonly Field[], before: ValueObject, after: ValueObject, baseDir: BaseDir): Change[] {
  return diffFields(fields, before, after, { path: [], policy: undefined, sensitive: false, baseDir });
}

function diffFields(fields: readonly Field[], before: ValueObject, after: ValueObject, scope: Scope): Change[] {
  return fields.flatMap((field) => {
    if (field.policy === "createOnly" || field.writeOnly || sameDigest(field, before, after)) return [];
    const wanted = after[field.name] ?? null;
    if (field.adopts && wanted === null) return [];
    return diffType(field.type, implied(field, before[field.name] ?? null), implied(field, wanted), {
      path: [...scope.path, field.name],
      policy: field.policy ?? scope.policy,
      sensitive: scope.sensitive || field.sensitive === true,
      baseDir: scope.baseDir,
    });
  });
}

function diffType(type: FieldType, before: Value, after: Value, scope: Scope): Change[] {
  if (equalValues(type, before, after, scope.baseDir)) return [];
  if (type.kind === "object" && isObject(before) && isObject(after)) {
    return diffFields(type.fields, before, after, scope);
  }
  if (type.kind === "map" && isObject(before) && isObject(after)) return diffMap(type, before, after, scope);
  if (type.kind === "list" && isList(before) && isList(after)) {
    if (type.key) return diffKeyed(type, before, after, scope);
    if (type.element.kind === "object" && before.length === after.length) {
      return after.flatMap((wanted, index) =>
        diffType(type.element, before[index] ?? null, wanted, { ...scope, path: [...scope.path, index] }),
      );
    }
  }
  return [{ path: scope.path, before, after, policy: scope.policy, sensitive: scope.sensitive }];
}

function diffMap(type: FieldType & { kind: "map" }, before: ValueObject, after: ValueObject, scope: Scope): Change[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key) =>
    diffType(type.element, before[key] ?? null, after[key] ?? null, { ...scope, path: [...scope.path, key] }),
  );
}

/** Pairs elements by their key, so that one that is gone does not shift the others. Paths count in `after` first. */
function diffKeyed(
  type: FieldType & { kind: "list" },
  before: readonly Value[],
  after: readonly Value[],
  scope: Scope,
): Change[] {
  const key = (value: Value) => keyOf(type, value);
  const changes = after.flatMap((wanted, index) => {
    const found = before.find((each) => key(each) !== UNKNOWN && key(each) === key(wanted)) ?? null;
    return diffType(type.element, found, wanted, { ...scope, path: [...scope.path, index] });
  });
  const gone = before.flatMap((found, index) => {
    if (after.some((wanted) => key(wanted) === key(found))) return [];
    return diffType(type.element, found, null, { ...scope, path: [...scope.path, index] });
  });
  return [
    ...changes,
    ...gone,
    ...reordered(type, before.map(key), after.map(key), scope, changes.length + gone.length),
  ];
}

/** A list whose elements are all the same but stand in another order has changed as a whole. */
function reordered(
  type: FieldType & { kind: "list" },
  before: readonly Value[],
  after: readonly Value[],
  scope: Scope,
  others: number,
): Change[] {
  if (others > 0 || sameValue(before, after) || type.element.kind !== "object") return [];
  return [{ path: scope.path, before, after, policy: scope.policy, sensitive: scope.sensitive }];
}
