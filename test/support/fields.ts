import type { Field, FieldType } from "../../core/model/contract.ts";

/** Every type within fields, at any depth, with where it stands: `disk_image.files[].path`. */
export function* walkFields(fields: readonly Field[], path: string): Generator<readonly [string, FieldType, Field]> {
  for (const field of fields) yield* walkType(field.type, `${path}.${field.name}`, field);
}

function* walkType(type: FieldType, path: string, field: Field): Generator<readonly [string, FieldType, Field]> {
  yield [path, type, field];
  if (type.kind === "object") yield* walkFields(type.fields, path);
  if (type.kind === "list" || type.kind === "map") yield* walkType(type.element, `${path}[]`, field);
}
