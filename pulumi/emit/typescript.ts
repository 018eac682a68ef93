import type { Contract, Field, FieldType } from "@guestkit/core/model";
import { camelCase, exportedName, pascalCase } from "../face/names.ts";

/**
 * The classes and functions of the contracts as TypeScript: one class a resource, one function and its output form a
 * query. Only syntax of TypeScript 3.8 goes out, since Pulumi falls back to that.
 */
export function typescriptOf(contracts: readonly Contract[]): string {
  const bodies = contracts.filter(({ kind }) => kind === "resource" || kind === "query").map(module);
  return [HEAD, ...bodies].join("\n");
}

const HEAD = `// Written by scripts/generate.ts from the contracts.
import * as pulumi from "@pulumi/pulumi";
import type { HostOptions, ResourceOptions } from "../face/options.ts";
import { query, queryOutput } from "../face/query.ts";
import { GuestkitResource } from "../face/resource.ts";
`;

const module = (contract: Contract) => (contract.kind === "query" ? functionOf(contract) : classOf(contract));

/** How a property is written: `input` may be an output of something else, `plain` is a value. */
type Mode = "input" | "plain";

interface Interface {
  readonly name: string;
  readonly text: string;
}

/** An interface for a list of fields, and those of the objects within, innermost first. */
function interfaces(name: string, suffix: string, fields: readonly Field[], mode: Mode): Interface[] {
  const within = fields.flatMap((field) => interfacesWithin(nested(name, field), suffix, field.type, mode));
  const members = fields.map((field) => member(name, suffix, field, mode)).join("");
  return [...within, { name: `${name}${suffix}`, text: `export interface ${name}${suffix} {\n${members}}\n` }];
}

function interfacesWithin(name: string, suffix: string, type: FieldType, mode: Mode): Interface[] {
  if (type.kind === "list" || type.kind === "map") return interfacesWithin(name, suffix, type.element, mode);
  return type.kind === "object" ? interfaces(name, suffix, type.fields, mode) : [];
}

function member(owner: string, suffix: string, field: Field, mode: Mode): string {
  const type = typeOf(nested(owner, field), suffix, field.type, mode);
  return `${comment(field, "  ")}  readonly ${camelCase(field.name)}${field.required ? "" : "?"}: ${type};\n`;
}

/** `DiskImageLayout` + `partitions` -> `DiskImageLayoutPartition`. */
function nested(owner: string, field: Field): string {
  const many = field.type.kind === "list" || field.type.kind === "map";
  return `${owner}${pascalCase(many ? singular(field.name) : field.name)}`;
}

function singular(name: string): string {
  if (name.endsWith("ies")) return `${name.slice(0, -3)}y`;
  if (/(ss|x)es$/.test(name)) return name.slice(0, -2);
  return name.endsWith("s") && !name.endsWith("ss") ? name.slice(0, -1) : name;
}

function typeOf(name: string, suffix: string, type: FieldType, mode: Mode): string {
  const inner = plainOf(name, suffix, type, mode);
  return mode === "input" ? `pulumi.Input<${inner}>` : inner;
}

function plainOf(name: string, suffix: string, type: FieldType, mode: Mode): string {
  switch (type.kind) {
    case "string":
      return type.choices ? type.choices.map((each) => JSON.stringify(each)).join(" | ") : "string";
    case "path":
      return "string";
    case "size":
      return "string | number";
    case "integer":
    case "number":
      return "number";
    case "boolean":
      return "boolean";
    case "list":
      return `ReadonlyArray<${typeOf(name, suffix, type.element, mode)}>`;
    case "map":
      return `{ readonly [key: string]: ${typeOf(name, suffix, type.element, mode)} }`;
    case "object":
      return `${name}${suffix}`;
  }
}

function comment(field: Field, indent: string): string {
  const notes = [
    field.description,
    ...(field.default === undefined ? [] : [`Default: \`${JSON.stringify(field.default)}\`.`]),
    ...(field.policy === "immutable" ? ["A change replaces the resource."] : []),
    ...(field.sensitive || field.writeOnly ? ["Kept as a secret."] : []),
  ];
  return block(notes.join(" "), indent);
}

const block = (text: string, indent = "") => `${indent}/** ${text.replaceAll("*/", "*\\/")} */\n`;

function classOf(contract: Contract): string {
  const name = exportedName(contract);
  const readable = [...contract.input.filter((field) => !field.writeOnly), ...contract.output];
  const outputs = readable.map((field) => {
    const optional = field.required ? "" : " | undefined";
    const type = plainOf(nested(name, field), "", field.type, "plain");
    return `${comment(field, "  ")}  declare readonly ${camelCase(field.name)}: pulumi.Output<${type}${optional}>;\n`;
  });
  return `${declared([
    ...interfaces(name, "Args", contract.input, "input"),
    ...readable.flatMap((field) => interfacesWithin(nested(name, field), "", field.type, "plain")),
  ])}
${block(`${contract.summary}\n *\n * ${contract.description}\n `)}export class ${name} extends GuestkitResource {
${outputs.join("")}
  constructor(name: string, args: ${name}Args, options: ResourceOptions = {}) {
    super("${contract.name}", name, args, options);
  }

  /** Looks one up that is there already, without taking it into this program's care. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, options: ResourceOptions = {}): ${name} {
    return new ${name}(name, {} as ${name}Args, { ...options, id });
  }
}
`;
}

function functionOf(contract: Contract): string {
  const name = exportedName(contract);
  const type = pascalCase(name);
  const inputNames = new Set(contract.output.map((field) => field.name));
  const answered = [...contract.input.filter((field) => !inputNames.has(field.name)), ...contract.output];
  return `${declared([
    ...interfaces(type, "Args", contract.input, "plain"),
    ...interfaces(type, "OutputArgs", contract.input, "input"),
    ...interfaces(type, "Result", answered, "plain"),
  ])}
${block(`${contract.summary}\n *\n * ${contract.description}\n `)}export function ${name}(args: ${type}Args, where: HostOptions = {}): Promise<${type}Result> {
  return query("${contract.name}", args, where) as Promise<${type}Result>;
}

${block(`${name} with outputs as arguments; a preview asks only when what they come from is there.`)}export function ${name}Output(
  args: ${type}OutputArgs,
  where: HostOptions = {},
): pulumi.Output<${type}Result> {
  return queryOutput("${contract.name}", args, where) as pulumi.Output<${type}Result>;
}
`;
}

/** Two fields may bring the same object type: it is written once. Throws where one name would mean two things. */
function declared(found: readonly Interface[]): string {
  const byName = new Map<string, string>();
  for (const { name, text } of found) {
    if ((byName.get(name) ?? text) !== text) throw new TypeError(`Two types would be called ${name}`);
    byName.set(name, text);
  }
  return [...byName.values()].join("\n");
}
