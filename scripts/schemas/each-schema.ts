import type { JsonSchema } from "../../core/model/json-schema.ts";

/** Words whose value is a schema, a list of schemas, or schemas by name. */
const ONE: readonly string[] = ["items", "additionalProperties", "propertyNames"];
const MANY: readonly string[] = ["anyOf", "oneOf", "allOf", "prefixItems"];
const NAMED: readonly string[] = ["properties", "patternProperties", "$defs"];

/** The schema with each schema in it, then itself, changed. */
export function eachSchema(schema: JsonSchema, change: (schema: JsonSchema) => JsonSchema): JsonSchema {
  const inner = (value: unknown) =>
    typeof value === "object" && value !== null ? eachSchema(value as JsonSchema, change) : value;
  const entries = Object.entries(schema).map(([word, value]) => {
    if (ONE.includes(word)) return [word, inner(value)];
    if (MANY.includes(word)) return [word, (value as readonly unknown[]).map(inner)];
    if (!NAMED.includes(word)) return [word, value];
    return [word, Object.fromEntries(Object.entries(value as object).map(([name, each]) => [name, inner(each)]))];
  });
  return change(Object.fromEntries(entries));
}
