/** Every JSON that guestkit prints or reads, as JSON Schema 2020-12: by name, which is also its file's and its type's. */
import type { Contract } from "../../core/model/contract.ts";
import { declarations } from "../../core/model/contracts/index.ts";
import type { Declaration } from "../../core/model/declare.ts";
import { answerOf } from "../../core/model/documents/answers.ts";
import { documents } from "../../core/model/documents/index.ts";
import { answerSchema, type JsonSchema, published } from "../../core/model/json-schema.ts";
import { eachSchema } from "./each-schema.ts";
import { objectSchema } from "./fields.ts";
import { jobSchema, projectSchema, rulesSchema } from "./project.ts";

export type Catalogue = Readonly<Record<string, JsonSchema>>;

/** Where a schema is published, from the repository's root. */
export const schemaFile = (name: string) => `core/generated/schemas/${name}.json`;

/** The files that people write. */
export const FILES = [
  { name: "guestkit.yaml", type: "ProjectFile", title: "guestkit.yaml", schema: projectSchema },
  { name: "ci-job", type: "CiJobFile", title: "A CI job of guestkit", schema: jobSchema },
  { name: "check-rules", type: "CheckRulesFile", title: "Rules of guestkit check", schema: rulesSchema },
] as const;

/** Throws where one name would mean two documents. */
export function catalogueOf(contracts: readonly Contract[]): Catalogue {
  const entries = [
    ...FILES.map(({ name, title, schema }) => [name, published(name, title, schema(contracts))]),
    ...documents.map(({ name, title, schema }) => [name, published(name, title, answerSchema(schema))]),
    ...declarations.map((each) => [each.name, published(each.name, each.summary, contractSchema(each, contracts))]),
  ] as [string, JsonSchema][];
  const names = entries.map(([name]) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new TypeError(`Two documents are called ${twice}`);
  return Object.fromEntries(entries);
}

function contractSchema(declaration: Declaration, contracts: readonly Contract[]): JsonSchema {
  const body = answerSchema(answerOf(declaration));
  if (declaration.kind !== "resource") return body;
  const { input = [] } = contracts.find(({ name }) => name === declaration.name) ?? {};
  return withState(
    body,
    objectSchema(
      input.filter((field) => !field.writeOnly),
      [{ type: "null" }],
    ),
  );
}

/** A resource is its id, what was declared (null or left out where nothing was) and what it turned out to be. */
function withState(told: JsonSchema, declared: JsonSchema): JsonSchema {
  const id = { type: "string", description: "Path of an image, name of a machine." };
  return {
    ...told,
    properties: { id, ...(eachSchema(declared, openly).properties as JsonSchema), ...(told.properties as JsonSchema) },
    required: ["id", ...((told.required as string[] | undefined) ?? [])],
  };
}

/** Neither demands fields nor refuses others: what is there was declared to another release, too. */
const openly = ({ required: _, additionalProperties, ...rest }: JsonSchema): JsonSchema =>
  additionalProperties === undefined || additionalProperties === false ? rest : { ...rest, additionalProperties };
