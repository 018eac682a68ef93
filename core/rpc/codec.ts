import { isList, isObject, UNKNOWN, type Value } from "../model/value.ts";

/** How a value that is only known after an apply is written: `{"$unknown": true}`. */
const MARK = "$unknown";

/** What JSON can carry of a result: UNKNOWN becomes its mark. */
export function encode(value: unknown): unknown {
  if (value === UNKNOWN) return { [MARK]: true };
  if (Array.isArray(value)) return value.map(encode);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, encode(each)]));
}

/** The values of a request: the mark becomes UNKNOWN. */
export function decode(value: Value): Value {
  if (isList(value)) return value.map(decode);
  if (!isObject(value)) return value;
  if (value[MARK] === true && Object.keys(value).length === 1) return UNKNOWN;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, decode(each)]));
}
