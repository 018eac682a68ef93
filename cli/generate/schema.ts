import type { Contract, ContractKind, Field, FieldType } from "@guestkit/core/model";

type Schema = Readonly<Record<string, unknown>>;

/** A reference stands where any value may: it is replaced before the value is looked at. */
const REFERENCE: Schema = { type: "string", pattern: "\\$\\{[^}]+\\}" };
const SECTIONS: readonly [string, ContractKind][] = [
  ["resources", "resource"],
  ["queries", "query"],
];

/** JSON Schema (2020-12) of guestkit.yaml, for editors. */
export function projectSchema(contracts: readonly Contract[]): Schema {
  const sections = SECTIONS.map(([section, kind]) => [section, sectionSchema(contracts, kind)] as const);
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "guestkit.yaml",
    type: "object",
    required: ["version"],
    additionalProperties: false,
    properties: {
      version: { const: 1, description: "Version of the file's format." },
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
    additionalProperties: { ...objectSchema(input), examples: examples.map((each) => each.input) },
  };
}

function objectSchema(fields: readonly Field[]): Schema {
  const required = fields.filter((field) => field.required).map((field) => field.name);
  return {
    type: "object",
    additionalProperties: false,
    ...(required.length > 0 && { required }),
    properties: Object.fromEntries(fields.map((field) => [field.name, fieldSchema(field)])),
  };
}

function fieldSchema({ type, description, default: fallback }: Field): Schema {
  const text = { description, ...(fallback !== undefined && { default: fallback }) };
  const own = typeSchema(type);
  const plainText = own.type === "string" && own.enum === undefined && own.pattern === undefined;
  return plainText ? { ...own, ...text } : { anyOf: [own, REFERENCE], ...text };
}

function typeSchema(type: FieldType): Schema {
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
      return { type: "array", items: elementSchema(type.element) };
    case "map":
      return { type: "object", additionalProperties: elementSchema(type.element) };
    case "object":
      return objectSchema(type.fields);
  }
}

function elementSchema(type: FieldType): Schema {
  return { anyOf: [typeSchema(type), REFERENCE] };
}
