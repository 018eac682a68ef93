import type { Field, FieldType } from "../model/contract.ts";
import { isList, isObject, UNKNOWN, type Value, type ValueObject } from "../model/value.ts";
import { counterpart } from "./merge.ts";
import { mapValues } from "./normalise.ts";

/** Where what the user leaves to the world comes from. */
export interface Origin<V extends Value = ValueObject | null> {
  /** The same thing as it is now; null where that part of it is not there yet. */
  readonly there: V;
  /** What is foreseen of it. Left out: nothing. */
  readonly predicted?: V;
  /** Whether the apply may choose what is null so far. Left out: it does not. */
  readonly moves?: (field: Field) => boolean;
}

/**
 * `wanted` with what the user leaves to the world (`adopts`, at any depth) filled in: from what is there, else from what is
 * foreseen, else UNKNOWN.
 */
export function adoptFields(fields: readonly Field[], wanted: ValueObject, origin: Origin): ValueObject {
  return Object.fromEntries(
    fields.map((field) => {
      const { name, type } = field;
      const value = wanted[name] ?? null;
      const isLeft = field.adopts && value === null;
      return [
        name,
        isLeft
          ? adopted(field, origin)
          : adoptValue(
              type,
              value,
              within(origin, (part) => part?.[name]),
            ),
      ];
    }),
  );
}

function adopted(field: Field, { there, predicted, moves }: Origin): Value {
  const found = there?.[field.name] ?? null;
  if (found !== null || (there && !moves?.(field))) return found;
  const foreseen = predicted?.[field.name];
  return foreseen === undefined ? UNKNOWN : foreseen;
}

function within<V extends Value>(origin: Origin<V>, part: (whole: V) => Value | undefined): Origin<Value> {
  const { there, predicted } = origin;
  return {
    ...origin,
    there: part(there) ?? null,
    predicted: predicted === undefined ? null : (part(predicted) ?? null),
  };
}

function adoptValue(type: FieldType, wanted: Value, origin: Origin<Value>): Value {
  if (type.kind === "object" && isObject(wanted)) return adoptFields(type.fields, wanted, asObjects(origin));
  if (type.kind === "map" && isObject(wanted)) {
    const from = asObjects(origin);
    return Object.fromEntries(
      Object.entries(wanted).map(([key, each]) => [
        key,
        adoptValue(
          type.element,
          each,
          within(from, (part) => part?.[key]),
        ),
      ]),
    );
  }
  if (type.kind !== "list" || !isList(wanted)) return wanted;
  return wanted.map((each, index) => {
    const same = (list: Value) => (isList(list) ? counterpart(type, list, each, index) : null);
    return adoptValue(type.element, each, within(origin, same));
  });
}

const asObjects = (origin: Origin<Value>): Origin => ({
  ...origin,
  there: objectOr(origin.there),
  predicted: objectOr(origin.predicted ?? null),
});

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
