import type { Contract, ContractKind, Field } from "../../core/model/contract.ts";
import type { JsonSchema } from "../../core/model/json-schema.ts";
import { HOST_NAME, VARIABLE_NAME, VARIABLE_TYPES } from "../../core/project/index.ts";
import { objectSchema } from "./fields.ts";

/** A reference stands where any value may: it is replaced before the value is looked at. */
const REFERENCE: JsonSchema = { type: "string", pattern: "\\$\\{[^}]+\\}" };
const SECTIONS: readonly [string, ContractKind][] = [
  ["resources", "resource"],
  ["queries", "query"],
];

const VARIABLES: JsonSchema = {
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

const FOR_EACH: JsonSchema = {
  description: "A thing for each name of a list, or key of a map: ${each.key} and ${each.value} are there for each.",
  anyOf: [{ type: "array", items: { type: ["string", "number"] } }, { type: "object" }, REFERENCE],
};

const HOSTS: JsonSchema = {
  type: "object",
  description: "Machines beside this one that the file has things on, reached by SSH; an entry names one by host.",
  propertyNames: { pattern: HOST_NAME },
  additionalProperties: {
    type: ["object", "null"],
    additionalProperties: false,
    properties: {
      address: {
        type: "string",
        description: "ssh://user@host:port, or a name of ssh_config; the host's own name where left out.",
      },
      remote_install: {
        anyOf: [{ type: "boolean" }, REFERENCE],
        default: true,
        description: "Whether guestkit is brought there where it is not; false: it is installed there already.",
      },
    },
  },
};

const HOST: JsonSchema = {
  type: "string",
  description: "The host of the section hosts that it is on; this one where left out. ${each.key} may name it.",
};

const KEYS: JsonSchema = {
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

const MOVED: JsonSchema = {
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

/** What guestkit.yaml may hold. */
export function projectSchema(contracts: readonly Contract[]): JsonSchema {
  const sections = SECTIONS.map(([section, kind]) => [section, sectionSchema(contracts, kind)] as const);
  return {
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
      hosts: HOSTS,
      moved: MOVED,
      ...Object.fromEntries(sections),
      outputs: { type: "object", description: "Values shown after an apply.", additionalProperties: true },
    },
  };
}

function sectionSchema(contracts: readonly Contract[], kind: ContractKind): JsonSchema {
  const own = contracts.filter((each) => each.kind === kind);
  return {
    type: "object",
    additionalProperties: false,
    properties: Object.fromEntries(own.map((contract) => [contract.name, contractSchema(contract)])),
  };
}

function contractSchema({ summary, description, input, examples }: Contract): JsonSchema {
  return {
    type: "object",
    description: `${summary}\n\n${description}`,
    propertyNames: { pattern: "^[A-Za-z_][A-Za-z0-9_-]*$" },
    additionalProperties: withEntryKeys({
      ...objectSchema(input, [REFERENCE]),
      examples: examples.map((each) => each.input),
    }),
  };
}

const withEntryKeys = (entry: JsonSchema): JsonSchema => ({
  ...entry,
  properties: { ...(entry.properties as JsonSchema), for_each: FOR_EACH, host: HOST },
});

/** What a CI job's file may hold: what `ci_job` writes. */
export function jobSchema(contracts: readonly Contract[]): JsonSchema {
  const { input = [] } = contracts.find((each) => each.name === "ci_job") ?? {};
  return fileSchema(input.filter(({ name }) => name !== "job" && name !== "overwrite"));
}

/** What a file of rules may hold: what `checks` says, but for what only a declaration can mean. */
export function rulesSchema(contracts: readonly Contract[]): JsonSchema {
  const { input = [] } = contracts.find((each) => each.name === "inspection") ?? {};
  const type = input.find(({ name }) => name === "checks")?.type;
  const fields = type?.kind === "object" ? type.fields : [];
  return fileSchema(fields.filter(({ name }) => name !== "file" && name !== "on_failure"));
}

/** A file with a version, in which references mean nothing. */
function fileSchema(fields: readonly Field[]): JsonSchema {
  const { properties, required, ...rest } = objectSchema(fields) as Record<string, object>;
  return {
    ...rest,
    required: ["version", ...((required as string[] | undefined) ?? [])],
    properties: { version: { const: 1, description: "Version of the file's format." }, ...properties },
  };
}
