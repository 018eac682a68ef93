import { formatPath, isList, isObject, UNKNOWN, type Value, type ValueObject } from "../../../core/model/index.ts";

/** Where what was applied is not what was planned, as `path: planned -> applied`. What was planned as UNKNOWN may be anything. */
export function unkept(planned: Value, applied: Value, path: readonly (string | number)[] = []): readonly string[] {
  if (planned === UNKNOWN) return [];
  if (isList(planned) && isList(applied) && planned.length === applied.length) {
    return planned.flatMap((each, at) => unkept(each, applied[at] ?? null, [...path, at]));
  }
  if (isObject(planned) && isObject(applied)) {
    const names = [...new Set([...Object.keys(planned), ...Object.keys(applied)])];
    return names.flatMap((name) => unkept(planned[name] ?? null, applied[name] ?? null, [...path, name]));
  }
  if (planned === applied) return [];
  return [`${formatPath(path)}: ${JSON.stringify(planned)} -> ${JSON.stringify(applied)}`];
}

/** Top-level fields of a plan in which something is unknown. */
export function unknownIn(planned: ValueObject): readonly string[] {
  return Object.keys(planned).filter((name) => holdsUnknown(planned[name] ?? null));
}

function holdsUnknown(value: Value): boolean {
  if (value === UNKNOWN) return true;
  if (isList(value)) return value.some(holdsUnknown);
  return isObject(value) && Object.values(value).some(holdsUnknown);
}
