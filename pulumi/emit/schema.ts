import type { Contract, Field, FieldType } from "@guestkit/core/model";
import { camelCase, exportedName, pascalCase } from "../face/names.ts";

type Json = Readonly<Record<string, unknown>>;

/** The contracts as a Pulumi package schema (pulumi.com/docs/iac/extending-pulumi/schema). */
export function schemaOf(contracts: readonly Contract[], version: string): Json {
  const types: Record<string, Json> = {};
  const collect = (name: string, type: Json) => {
    types[`guestkit:index:${name}`] = type;
    return { $ref: `#/types/guestkit:index:${name}` };
  };
  const token = (contract: Contract) => `guestkit:index:${exportedName(contract)}`;
  const resources = contracts.filter((each) => each.kind === "resource");
  const functions = contracts.filter((each) => each.kind === "query");
  return {
    name: "guestkit",
    displayName: "guestkit",
    version,
    description: "Disk images and QEMU virtual machines as declared infrastructure.",
    license: "Apache-2.0",
    language: { nodejs: { packageName: "@guestkit/pulumi" } },
    resources: Object.fromEntries(resources.map((each) => [token(each), resource(each, collect)])),
    functions: Object.fromEntries(functions.map((each) => [token(each), query(each, collect)])),
    types,
  };
}

type Collect = (name: string, type: Json) => Json;

function resource(contract: Contract, collect: Collect): Json {
  const name = exportedName(contract);
  const readable = [...contract.input.filter((field) => !field.writeOnly), ...contract.output];
  const inputs = objectOf(`${name}Args`, contract.input, collect);
  const outputs = objectOf(name, readable, collect);
  return {
    description: describe(contract),
    inputProperties: inputs.properties,
    requiredInputs: inputs.required,
    properties: outputs.properties,
    required: outputs.required,
  };
}

function query(contract: Contract, collect: Collect): Json {
  const name = pascalCase(exportedName(contract));
  return {
    description: describe(contract),
    inputs: objectOf(`${name}Args`, contract.input, collect),
    outputs: objectOf(`${name}Result`, contract.output, collect),
  };
}

const describe = ({ summary, description }: Contract) => `${summary}\n\n${description}`;

interface ObjectType extends Json {
  readonly properties: Readonly<Record<string, Json>>;
  readonly required: readonly string[];
}

function objectOf(name: string, fields: readonly Field[], collect: Collect): ObjectType {
  const property = (field: Field): Json => ({
    ...typeOf(`${name}${pascalCase(field.name)}`, field.type, collect),
    description: field.description,
    ...(isPlain(field.default) && { default: field.default }),
    ...((field.sensitive || field.writeOnly) && { secret: true }),
    ...(field.policy === "immutable" && { willReplaceOnChanges: true }),
  });
  return {
    type: "object",
    properties: Object.fromEntries(fields.map((field) => [camelCase(field.name), property(field)])),
    required: fields.filter((field) => field.required).map((field) => camelCase(field.name)),
  };
}

/** A package schema knows defaults of simple types alone. */
function isPlain(value: unknown): boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function typeOf(name: string, type: FieldType, collect: Collect): Json {
  switch (type.kind) {
    case "string":
    case "path":
      return { type: "string" };
    case "size":
      return { oneOf: [{ type: "string" }, { type: "integer" }] };
    case "integer":
    case "number":
    case "boolean":
      return { type: type.kind };
    case "list":
      return { type: "array", items: typeOf(name, type.element, collect) };
    case "map":
      return { type: "object", additionalProperties: typeOf(name, type.element, collect) };
    case "object":
      return collect(name, objectOf(name, type.fields, collect));
  }
}
