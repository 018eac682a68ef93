import type { Contract, ContractKind, Field, FieldType } from "@guestkit/core/model";
import { VARIABLE_NAME, VARIABLE_TYPES } from "@guestkit/core/project";

type Schema = Readonly<Record<string, unknown>>;

/** A reference stands where any value may: it is replaced before the value is looked at. */
const REFERENCE: Schema = { type: "string", pattern: "\\$\\{[^}]+\\}" };
const SECTIONS: readonly [string, ContractKind][] = [
  ["resources", "resource"],
  ["queries", "query"],
];

const VARIABLES: Schema = {
  type: "object",
  description: "Values that are given from outside: --var, --var-file, GUESTKIT_VAR_NAME.",
  propertyNames: { pattern: VARIABLE_NAME },
  additionalProperties: {
    type: ["object", "null"],
    additionalProperties: false,
    properties: {
      type: { enum: VARIABLE_TYPES, description: "That of the default where left out, else string." },
      default: { description: "The value where none is given. Left out: one must be given." },
      sensitive: { type: "boolean", default: false, description: "The value is shown nowhere." },
      description: { type: "string", description: "What it is for." },
    },
  },
};

const FOR_EACH: Schema = {
  description: "A thing for each name of a list, or key of a map: ${each.key} and ${each.value} are there for each.",
  anyOf: [{ type: "array", items: { type: ["string", "number"] } }, { type: "object" }, REFERENCE],
};

const KEYS: Schema = {
  type: "object",
  description: 'What opens encrypted devices: by device, UUID or "*" for any. ${env.NAME} keeps it out of the file.',
  additionalProperties: {
    type: "object",
    additionalProperties: false,
    properties: {
      passphrase: { type: "string", description: "The passphrase." },
      file: { type: "string", description: "A file that is the key, all of it." },
      header: { type: "string", description: "A file with the device's LUKS header, where that stands apart from it." },
    },
  },
};

const MOVED: Schema = {
  type: "array",
  description: "Things whose address has changed: each stays as it is, under its new one.",
  items: {
    type: "object",
    required: ["from", "to"],
    additionalProperties: false,
    properties: {
      from: { type: "string", description: "The address before: virtual_machine.old." },
      to: { type: "string", description: "The address now, which the file declares." },
    },
  },
};

/** JSON Schema (2020-12) of guestkit.yaml, for editors. */
export function projectSchema(contracts: readonly Contract[]): Schema {
  const sections = SECTIONS.map(([section, kind]) => [section, sectionSchema(contracts, kind)] as const);
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "guestkit.yaml",
    type: "object",
    required: ["version"],
    additionalProperties: false,
    patternProperties: { "^x-": { description: "Parts that others name by alias or merge key." } },
    properties: {
      version: { const: 1, description: "Version of the file's format." },
      project: {
        type: "string",
        pattern: "^[A-Za-z0-9][A-Za-z0-9._/-]{0,127}$",
        description: "Who owns the things, as records have it: a name of this project alone.",
      },
      variables: VARIABLES,
      keys: KEYS,
      moved: MOVED,
      ...Object.fromEntries(sections),
      outputs: { type: "object", description: "Values shown after an apply.", additionalProperties: true },
    },
  };
}

function sectionSchema(contracts: readonly Contract[], kind: ContractKind): Schema {
  const own = contracts.filter((each) => each.kind === kind);
  return {
    type: "object",
    additionalProperties: false,
    properties: Object.fromEntries(own.map((contract) => [contract.name, contractSchema(contract)])),
  };
}

function contractSchema({ summary, description, input, examples }: Contract): Schema {
  return {
    type: "object",
    description: `${summary}\n\n${description}`,
    propertyNames: { pattern: "^[A-Za-z_][A-Za-z0-9_-]*$" },
    additionalProperties: withForEach({ ...objectSchema(input), examples: examples.map((each) => each.input) }),
  };
}

const withForEach = (entry: Schema): Schema => ({
  ...entry,
  properties: { ...(entry.properties as Schema), for_each: FOR_EACH },
});

/** JSON Schema of a CI job's file: what `ci_job` writes. References mean nothing there. */
export function jobSchema(contracts: readonly Contract[]): Schema {
  const { input = [] } = contracts.find((each) => each.name === "ci_job") ?? {};
  const fields = input.filter(({ name }) => name !== "job" && name !== "overwrite");
  const { properties, required, ...rest } = objectSchema(fields, []) as Record<string, object>;
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "A CI job of guestkit",
    ...rest,
    required: ["version", ...((required as string[] | undefined) ?? [])],
    properties: { version: { const: 1, description: "Version of the file's format." }, ...properties },
  };
}

/** `others` may stand in any value's place. */
function objectSchema(fields: readonly Field[], others: readonly Schema[] = [REFERENCE]): Schema {
  const required = fields.filter((field) => field.required).map((field) => field.name);
  return {
    type: "object",
    additionalProperties: false,
    ...(required.length > 0 && { required }),
    properties: Object.fromEntries(fields.map((field) => [field.name, fieldSchema(field, others)])),
  };
}

function fieldSchema({ type, description, default: fallback }: Field, others: readonly Schema[]): Schema {
  const text = { description, ...(fallback !== undefined && { default: fallback }) };
  const own = typeSchema(type, others);
  const plainText = own.type === "string" && own.enum === undefined && own.pattern === undefined;
  return plainText || others.length === 0 ? { ...own, ...text } : { anyOf: [own, ...others], ...text };
}

function typeSchema(type: FieldType, others: readonly Schema[]): Schema {
  switch (type.kind) {
    case "string":
      return {
        type: "string",
        ...(type.choices && { enum: type.choices }),
        ...(type.pattern && { pattern: type.pattern }),
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
      return { type: "array", items: elementSchema(type.element, others) };
    case "map":
      return { type: "object", additionalProperties: elementSchema(type.element, others) };
    case "object":
      return objectSchema(type.fields, others);
  }
}

function elementSchema(type: FieldType, others: readonly Schema[]): Schema {
  const own = typeSchema(type, others);
  return others.length === 0 ? own : { anyOf: [own, ...others] };
}
