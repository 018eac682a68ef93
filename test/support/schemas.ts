/** The published schemas, closed: guestkit's own output of today has no field that they do not know. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ErrorObject, ValidateFunction } from "ajv";
import type { JsonSchema } from "../../core/model/json-schema.ts";
import { eachSchema } from "../../scripts/schemas/each-schema.ts";

const FOLDER = join(import.meta.dirname, "../../core/generated/schemas");

export const schemaNames = (): readonly string[] => readdirSync(FOLDER).map((name) => name.replace(/\.json$/, ""));

export const schemaOf = (name: string): JsonSchema => JSON.parse(readFileSync(join(FOLDER, `${name}.json`), "utf8"));

/** Objects whose fields are listed have no others. */
const closed = (schema: JsonSchema): JsonSchema =>
  schema.properties !== undefined && schema.additionalProperties === undefined
    ? { ...schema, additionalProperties: false }
    : schema;

/** A validator that knows every published schema by its `$id`; `strict` as its makers mean it by default. */
export async function validator(change: (schema: JsonSchema) => JsonSchema = closed) {
  const { Ajv2020 } = await import("ajv/dist/2020.js");
  const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });
  for (const name of schemaNames()) ajv.addSchema(eachSchema(schemaOf(name), change));
  return ajv;
}

let shared: ReturnType<typeof validator> | undefined;
const compiled = new Map<string, ValidateFunction>();

/** What is wrong with values by a schema, or a place in one; null where nothing is. */
export async function faultsBy(name: string, place: string, values: readonly unknown[]): Promise<string | null> {
  shared ??= validator();
  const key = `${schemaOf(name).$id}${place}`;
  const validate = compiled.get(key) ?? (await shared).compile({ $ref: key });
  compiled.set(key, validate);
  const faults = values.flatMap((value) => (validate(value) ? [] : [textOf(key, validate.errors ?? [])]));
  return faults.length > 0 ? [...new Set(faults)].slice(0, 5).join("\n") : null;
}

const textOf = (key: string, errors: readonly ErrorObject[]): string =>
  errors.map((each) => `${key} ${each.instancePath}: ${each.message} ${JSON.stringify(each.params)}`).join("\n");
