import type { Field, FieldType, LengthRule } from "../../core/model/contract.ts";
import type { JsonSchema } from "../../core/model/json-schema.ts";

/** What a declaration's fields may hold. `others` may stand in any value's place. */
export function objectSchema(fields: readonly Field[], others: readonly JsonSchema[] = []): JsonSchema {
  const required = fields.filter((field) => field.required).map((field) => field.name);
  return {
    type: "object",
    additionalProperties: false,
    ...(required.length > 0 && { required }),
    properties: Object.fromEntries(fields.map((field) => [field.name, fieldSchema(field, others)])),
  };
}

function fieldSchema({ type, description, default: fallback }: Field, others: readonly JsonSchema[]): JsonSchema {
  const text = { description, ...(fallback !== undefined && { default: fallback }) };
  const own = typeSchema(type, others);
  const isAnyText = own.type === "string" && own.enum === undefined && own.pattern === undefined;
  const more = others.filter((other) => !(isAnyText && other.type === "string"));
  return more.length === 0 ? { ...own, ...text } : { anyOf: [own, ...more], ...text };
}

function typeSchema(type: FieldType, others: readonly JsonSchema[]): JsonSchema {
  switch (type.kind) {
    case "string":
      return {
        type: "string",
        ...(type.choices && { enum: type.choices }),
        ...(type.pattern && { pattern: type.pattern }),
        ...bounds("Length", type.length),
      };
    case "path":
      return { type: "string" };
    case "boolean":
    case "number":
      return { type: type.kind };
    case "integer":
      return {
        type: "integer",
        ...(type.minimum !== undefined && { minimum: type.minimum }),
        ...(type.maximum !== undefined && { maximum: type.maximum }),
      };
    case "size":
      return { type: ["string", "integer"], minimum: 0 };
    case "list":
      return { type: "array", items: elementSchema(type.element, others), ...bounds("Items", type.length) };
    case "map":
      return { type: "object", additionalProperties: elementSchema(type.element, others) };
    case "object":
      return objectSchema(type.fields, others);
  }
}

const bounds = (what: "Length" | "Items", { minimum, maximum }: LengthRule = {}): JsonSchema => ({
  ...(minimum !== undefined && { [`min${what}`]: minimum }),
  ...(maximum !== undefined && { [`max${what}`]: maximum }),
});

function elementSchema(type: FieldType, others: readonly JsonSchema[]): JsonSchema {
  const own = typeSchema(type, others);
  return others.length === 0 ? own : { anyOf: [own, ...others] };
}
