import type { Field, FieldType } from "../model/contract.ts";
import type { FieldPath } from "./path.ts";

/** The type of the field that a path leads to. */
export function typeAt(fields: readonly Field[], [name, ...rest]: FieldPath): FieldType {
  const found = fields.find((field) => field.name === name)?.type ?? { kind: "string" };
  return rest.length > 0 ? typeWithin(found, rest) : found;
}

function typeWithin(type: FieldType, path: FieldPath): FieldType {
  if (type.kind === "object") return typeAt(type.fields, path);
  const [, ...rest] = path;
  if (type.kind !== "list" && type.kind !== "map") return type;
  return rest.length > 0 ? typeWithin(type.element, rest) : type.element;
}
