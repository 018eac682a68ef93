import type { FieldType } from "@guestkit/core/model";
import {
  SchemaObjectNestingMode as Nesting,
  type SchemaAttribute,
  type SchemaObject,
  StringKind,
} from "../generated/protocol.ts";
import { type NamedField, named } from "./names.ts";

/** What an attribute stands for: what the user gives, the same where it is answered with defaults filled in, or what the provider tells. */
export type Side = "argument" | "input" | "output";

/** Objects are nested attributes, never blocks: those could not be computed, nor be empty and null apart. */
export function attributeOf(given: NamedField, side: Side, withWriteOnly: boolean): SchemaAttribute {
  const { name, field, writeOnly } = given;
  return {
    name,
    description: field.description,
    description_kind: StringKind.MARKDOWN,
    ...usage(given, side),
    ...(field.sensitive && { sensitive: true }),
    ...(writeOnly && { write_only: true }),
    ...shape(field.type, side, withWriteOnly),
  };
}

/** A default, or a value that the world fills in, makes an optional attribute a computed one as well. */
function usage({ field, writeOnly }: NamedField, side: Side): SchemaAttribute {
  if (side === "output") return { computed: true };
  if (field.required) return { required: true };
  const filled = side === "input" && !writeOnly && (field.default !== undefined || field.adopts === true);
  return { optional: true, ...(filled && { computed: true }) };
}

function shape(type: FieldType, side: Side, withWriteOnly: boolean): SchemaAttribute {
  const nested = nestedObject(type, side, withWriteOnly);
  return nested ? { nested_type: nested } : { type: Buffer.from(JSON.stringify(ctyType(type, side))) };
}

function nestedObject(type: FieldType, side: Side, withWriteOnly: boolean): SchemaObject | undefined {
  const [nesting, object] =
    type.kind === "list"
      ? [Nesting.LIST, type.element]
      : type.kind === "map"
        ? [Nesting.MAP, type.element]
        : [Nesting.SINGLE, type];
  if (object.kind !== "object") return undefined;
  const attributes = named(object.fields, withWriteOnly).map((each) => attributeOf(each, side, withWriteOnly));
  return { nesting, attributes };
}

export type CtyType =
  | "string"
  | "number"
  | "bool"
  | readonly ["list" | "map", CtyType]
  | readonly ["object", Readonly<Record<string, CtyType>>];

/** A type in cty's JSON notation. A size is text where users write it (`20G`) and a number where it is told. */
export function ctyType(type: FieldType, side: Side): CtyType {
  switch (type.kind) {
    case "string":
    case "path":
      return "string";
    case "size":
      return side === "output" ? "number" : "string";
    case "boolean":
      return "bool";
    case "integer":
    case "number":
      return "number";
    case "list":
    case "map":
      return [type.kind, ctyType(type.element, side)];
    case "object":
      return ["object", Object.fromEntries(type.fields.map((each) => [each.name, ctyType(each.type, side)]))];
  }
}
