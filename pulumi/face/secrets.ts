import { isDeepStrictEqual } from "node:util";
import type { Field, FieldType } from "@guestkit/core/model";
import { camelCase } from "./names.ts";

/**
 * The inputs with a version beside every write-only value that the user gives without one. guestkit stores no secret
 * and tells a change by that version; Pulumi keeps its inputs (encrypted), so here a change can be told by the value:
 * the version is the old one, or the next where the value is another.
 */
export function withVersions(
  fields: readonly Field[],
  old: Readonly<Record<string, unknown>> | null,
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const versions = fields
    .filter((field) => field.writeOnly)
    .map((field) => [camelCase(`${field.name}_version`), version(camelCase(field.name), old, given)] as const)
    .filter(([name, value]) => value !== undefined && given[name] === undefined);
  const within = fields.flatMap((field) => {
    const name = camelCase(field.name);
    return given[name] === undefined ? [] : [[name, inside(field.type, old?.[name], given[name])] as const];
  });
  return { ...given, ...Object.fromEntries(within), ...Object.fromEntries(versions) };
}

type Properties = Readonly<Record<string, unknown>>;

function version(name: string, old: Properties | null, given: Properties): unknown {
  const before = old?.[`${name}Version`];
  if (old === null || given[name] === undefined) return undefined;
  if (isDeepStrictEqual(old[name], given[name])) return before;
  return typeof before === "number" ? before + 1 : 1;
}

function inside(type: FieldType, old: unknown, given: unknown): unknown {
  if (type.kind === "object" && isProperties(given)) {
    return withVersions(type.fields, isProperties(old) ? old : null, given);
  }
  if (type.kind === "map" && isProperties(given)) {
    const from = isProperties(old) ? old : {};
    return Object.fromEntries(Object.entries(given).map(([key, each]) => [key, inside(type.element, from[key], each)]));
  }
  if (type.kind !== "list" || !Array.isArray(given)) return given;
  const from: readonly unknown[] = Array.isArray(old) ? old : [];
  return given.map((each, index) => inside(type.element, counterpart(type.key, from, each, index), each));
}

/** The same element before: told by its key where the list has one. */
function counterpart(key: string | undefined, from: readonly unknown[], each: unknown, index: number): unknown {
  if (key === undefined || !isProperties(each)) return from[index];
  const name = camelCase(key);
  return from.find((other) => isProperties(other) && other[name] === each[name]);
}

function isProperties(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
