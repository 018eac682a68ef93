import type { Field, FieldType } from "../model/contract.ts";
import { isList, isObject, UNKNOWN, type Value, type ValueObject } from "../model/value.ts";
import { counterpart } from "./merge.ts";
import { mapValues } from "./normalise.ts";

/**
 * `wanted` with what the user leaves to the world (`adopts`, at any depth) filled in: from `there`, the same thing as it
 * is now; where that part of it is not there yet from `predicted`, else UNKNOWN.
 */
export function adoptFields(
  fields: readonly Field[],
  wanted: ValueObject,
  there: ValueObject | null,
  predicted: ValueObject | null,
): ValueObject {
  return Object.fromEntries(
    fields.map((field) => {
      const { name } = field;
      const value = wanted[name] ?? null;
      if (!field.adopts || value !== null) {
        return [name, adoptValue(field.type, value, there?.[name] ?? null, predicted?.[name] ?? null)];
      }
      return [name, there ? (there[name] ?? null) : (predicted?.[name] ?? UNKNOWN)];
    }),
  );
}

function adoptValue(type: FieldType, wanted: Value, there: Value, predicted: Value): Value {
  if (type.kind === "object" && isObject(wanted)) {
    return adoptFields(type.fields, wanted, objectOr(there), objectOr(predicted));
  }
  if (type.kind === "map" && isObject(wanted)) {
    const [from, foreseen] = [objectOr(there), objectOr(predicted)];
    return Object.fromEntries(
      Object.entries(wanted).map(([key, each]) => [
        key,
        adoptValue(type.element, each, from?.[key] ?? null, foreseen?.[key] ?? null),
      ]),
    );
  }
  if (type.kind !== "list" || !isList(wanted)) return wanted;
  const [from, foreseen] = [isList(there) ? there : [], isList(predicted) ? predicted : []];
  return wanted.map((each, index) =>
    adoptValue(type.element, each, counterpart(type, from, each, index), counterpart(type, foreseen, each, index)),
  );
}

function objectOr(value: Value): ValueObject | null {
  return isObject(value) ? value : null;
}

/** Whether nothing is UNKNOWN but what adopts: all that the user declares is known. */
export function isDeclared(fields: readonly Field[], value: ValueObject): boolean {
  return fields.every(
    (field) =>
      (field.adopts && value[field.name] === UNKNOWN) || isDeclaredValue(field.type, value[field.name] ?? null),
  );
}

function isDeclaredValue(type: FieldType, value: Value): boolean {
  if (value === UNKNOWN) return false;
  if (type.kind === "object" && isObject(value)) return isDeclared(type.fields, value);
  if (type.kind === "map" && isObject(value)) {
    return Object.values(value).every((each) => isDeclaredValue(type.element, each));
  }
  return type.kind === "list" && isList(value) ? value.every((each) => isDeclaredValue(type.element, each)) : true;
}

/** The same with null for every UNKNOWN within. */
export function withoutUnknown(value: Value): Value {
  if (value === UNKNOWN) return null;
  if (isList(value)) return value.map(withoutUnknown);
  return isObject(value) ? mapValues(value, withoutUnknown) : value;
}
