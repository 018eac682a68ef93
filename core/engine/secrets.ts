import type { Field, FieldType } from "../model/contract.ts";
import { formatPath, isList, isObject, type Value, type ValueObject } from "../model/value.ts";
import { type Diagnostic, problem } from "./diagnostic.ts";
import { counterpart } from "./merge.ts";
import type { FieldPath } from "./path.ts";

/** Secrets whose version was raised, or is new, and whose value is not given: they would be written as nothing. */
export function lackingSecrets(
  fields: readonly Field[],
  wanted: ValueObject,
  prior: ValueObject,
  path: FieldPath = [],
): Diagnostic[] {
  return fields.flatMap(({ name, type, writeOnly }) => {
    const here = [...path, name];
    if (!writeOnly) return lackingWithin(type, wanted[name] ?? null, prior[name] ?? null, here);
    const version = wanted[`${name}_version`] ?? null;
    const isLacking = (wanted[name] ?? null) === null && version !== null && version !== prior[`${name}_version`];
    return isLacking ? [lacking(here)] : [];
  });
}

function lackingWithin(type: FieldType, wanted: Value, prior: Value, path: FieldPath): Diagnostic[] {
  if (type.kind === "object" && isObject(wanted)) {
    return lackingSecrets(type.fields, wanted, isObject(prior) ? prior : {}, path);
  }
  if (type.kind === "map" && isObject(wanted)) {
    const from = isObject(prior) ? prior : {};
    return Object.entries(wanted).flatMap(([key, each]) =>
      lackingWithin(type.element, each, from[key] ?? null, [...path, key]),
    );
  }
  if (type.kind !== "list" || !isList(wanted)) return [];
  const from = isList(prior) ? prior : [];
  return wanted.flatMap((each, index) =>
    lackingWithin(type.element, each, counterpart(type, from, each, index), [...path, index]),
  );
}

function lacking(path: FieldPath): Diagnostic {
  const name = formatPath(path);
  const message = `Cannot write ${name}: it has a version and no value`;
  return problem(
    "E_SECRET_MISSING",
    path,
    message,
    `Give ${name} as well: it is stored nowhere and cannot be read back.`,
  );
}
