import type { Contract, Field, FieldType } from "@guestkit/core/model";
import { SETTINGS } from "../face/known-settings.ts";
import { camelCase, exportedName, pascalCase } from "../face/names.ts";

type Json = Readonly<Record<string, unknown>>;

/** The contracts as a Pulumi package schema of the native provider (pulumi.com/docs/iac/extending-pulumi/schema). */
export function schemaOf(contracts: readonly Contract[], version: string): Json {
  const types: Record<string, Json> = {};
  const collect = (name: string, type: Json) => {
    if (types[name] && JSON.stringify(types[name]) !== JSON.stringify(type))
      throw new TypeError(`Two types would be called ${name}`);
    types[name] = type;
    return { $ref: `#/types/${name}` };
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
    // Java's generator makes no build files without.
    repository: "https://github.com/guestkit/guestkit",
    language: LANGUAGES,
    config: { variables: SETTINGS },
    provider: { description: "Where and how guestkit works.", inputProperties: SETTINGS },
    resources: Object.fromEntries(resources.map((each) => [token(each), resource(each, collect)])),
    functions: Object.fromEntries(functions.map((each) => [token(each), query(each, collect)])),
    types,
  };
}

/** What the SDKs are called. `@guestkit/pulumi` is the package of the dynamic resources. */
const LANGUAGES: Json = {
  nodejs: { packageName: "@guestkit/pulumi-native", respectSchemaVersion: true },
  python: { packageName: "pulumi_guestkit", respectSchemaVersion: true, pyproject: { enabled: true } },
  go: {
    importBasePath: "github.com/guestkit/guestkit/sdk/go/guestkit",
    respectSchemaVersion: true,
    generateResourceContainerTypes: true,
  },
  csharp: { packageReferences: { Pulumi: "3.*" }, respectSchemaVersion: true },
  java: { basePackage: "io.guestkit", buildFiles: "gradle" },
};

type Collect = (name: string, type: Json) => Json;

function resource(contract: Contract, collect: Collect): Json {
  const name = exportedName(contract);
  const readable = [...contract.input.filter((field) => !field.writeOnly), ...contract.output];
  const inputs = objectOf(name, contract.input, collect);
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
  const inputNames = new Set(contract.output.map((field) => field.name));
  const answered = [...contract.input.filter((field) => !inputNames.has(field.name)), ...contract.output];
  return {
    description: describe(contract),
    inputs: objectOf(name, contract.input, collect),
    outputs: objectOf(`${name}Result`, answered, collect),
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
    description: descriptionOf(field),
    ...((field.sensitive || field.writeOnly) && { secret: true }),
    ...(field.policy === "immutable" && { willReplaceOnChanges: true }),
  });
  return {
    type: "object",
    properties: Object.fromEntries(fields.map((field) => [camelCase(field.name), property(field)])),
    required: fields.filter((field) => field.required).map((field) => camelCase(field.name)),
  };
}

/**
 * With what a field stands for where it is left out: as the schema's `default`, SDKs would fill it in, as if the user had
 * said it.
 */
function descriptionOf({ description, type, default: fallback }: Field): string {
  const choices = type.kind === "string" && type.choices ? [`One of: ${type.choices.join(", ")}.`] : [];
  const left = fallback === undefined || fallback === null ? [] : [`Default: \`${JSON.stringify(fallback)}\`.`];
  return [description, ...choices, ...left].join(" ");
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
      return collect(`guestkit:index:${name}`, objectOf(name, type.fields, collect));
  }
}
