/** The types that programs import, made from the published schemas. */
import { compile, type JSONSchema } from "json-schema-to-typescript";
import type { JsonSchema } from "../../core/model/json-schema.ts";
import { type Catalogue, FILES } from "./catalogue.ts";
import { eachSchema } from "./each-schema.ts";

const HEAD = `/* Written by scripts/generate.ts from core/generated/schemas. */
/** What each schema that guestkit publishes describes, by the schema's name. */`;

/** `image_info` -> `ImageInfo`. */
export const typeName = (name: string): string =>
  FILES.find((each) => each.name === name)?.type ??
  name.replace(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9])/g, (_, first: string) => first.toUpperCase());

/** One interface a document, and one a part that has a name. Throws where one name would mean two types. */
export async function typesOf(catalogue: Catalogue): Promise<string> {
  const definitions: Record<string, JsonSchema> = {};
  const define = (name: string, schema: JsonSchema) => {
    const known = definitions[name];
    if (known && JSON.stringify(known) !== JSON.stringify(schema)) throw new TypeError(`Two types are called ${name}`);
    definitions[name] = schema;
  };
  for (const [name, { $schema, $id, title, $defs = {}, ...body }] of Object.entries(catalogue)) {
    for (const [part, schema] of Object.entries($defs as Record<string, JsonSchema>))
      define(part, eachSchema(schema, understood));
    const described = { ...body, description: [title, body.description].filter(Boolean).join("\n\n") };
    define(typeName(name), eachSchema(described, understood));
  }
  const root = {
    type: "object",
    properties: Object.fromEntries(Object.keys(catalogue).map((name) => [name, { $ref: `#/$defs/${typeName(name)}` }])),
    required: Object.keys(catalogue),
    $defs: definitions,
  };
  const text = await compile(root as JSONSchema, "Documents", {
    bannerComment: HEAD,
    additionalProperties: false,
    unreachableDefinitions: true,
    // A list that may be made step by step is no tuple.
    ignoreMinAndMaxItems: true,
    format: true,
    style: { printWidth: 120 },
  });
  return tidied(text);
}

/** Words that say nothing of a value's type. */
const NOTES: readonly string[] = ["description", "default", "$comment"];

/** What says nothing of a value may be anything; a part that is described where it is named stays the same part. */
function understood(schema: JsonSchema): JsonSchema {
  const { $ref, ...rest } = schema;
  const words = Object.keys(rest);
  if ($ref !== undefined) return words.length > 0 ? { ...rest, allOf: [{ $ref }] } : schema;
  return words.every((word) => NOTES.includes(word)) ? { ...rest, tsType: "unknown" } : schema;
}

/** Without the compiler's remarks, and with a line for what fits in one. */
function tidied(text: string): string {
  return text
    .replace(
      /(?: \*\n)? \* This interface was referenced by `Documents`'s JSON-Schema\n \* via the `definition` "[^"]*"\.\n/g,
      "",
    )
    .replace(/\/\*\*\n *\*\/\n/g, "")
    .replace(/\/\*\*\n *\* (.*)\n *\*\//g, "/** $1 */");
}
