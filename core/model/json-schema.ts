import { z } from "zod";

export type JsonSchema = Readonly<Record<string, unknown>>;

/** Metadata that is a word of JSON Schema's own; whatever else a field says of itself is the faces' business. */
const WORDS: ReadonlySet<string> = new Set([
  ...["$ref", "$comment", "type", "const", "enum", "description", "default", "format", "pattern"],
  ...["minimum", "maximum", "minLength", "maxLength", "items", "minItems", "maxItems", "prefixItems"],
  ...["properties", "required", "additionalProperties", "propertyNames", "anyOf", "oneOf", "allOf"],
]);

/**
 * What a zod schema says of an answer, in JSON Schema 2020-12. A release may add fields to an answer: they are no fault.
 * Parts with an `id` stand under `$defs`, once each.
 */
export function answerSchema(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...body } = z.toJSONSchema(schema, {
    io: "output",
    override: ({ jsonSchema }) => tidy(jsonSchema as Record<string, unknown>),
  });
  return body as JsonSchema;
}

function tidy(schema: Record<string, unknown>): void {
  if (Array.isArray(schema.from)) schema.$comment = `Read from: ${schema.from.join(", ")}`;
  if (schema.additionalProperties === false) delete schema.additionalProperties;
  // What a number can be anyway.
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  for (const word of Object.keys(schema)) if (!WORDS.has(word)) delete schema[word];
}

/** A published schema: its name and version make the `$id`, so that an editor or a validator can keep several. */
export function published(name: string, title: string, body: JsonSchema): JsonSchema {
  const { properties } = body as { properties?: Readonly<Record<string, { const?: unknown }>> };
  const version = properties?.format_version?.const ?? properties?.version?.const ?? 1;
  const { $schema: _, title: __, ...rest } = body;
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: `urn:guestkit:schema:${name}:${String(version)}`,
    title,
    ...rest,
  };
}
