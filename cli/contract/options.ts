import type { Contract, Field, FieldType } from "@guestkit/core/model";
import type { Option, Positional } from "../command/command.ts";
import { json, jsonLines, LOCK_TIMEOUT } from "../command/options.ts";

/** How the text of an option becomes the value of its field. */
export type Form = "on" | "off" | "value" | "list" | "map" | "json" | "secret";

/** An option and the input field that it stands for. */
export interface FieldOption {
  readonly field: Field;
  readonly name: string;
  readonly form: Form;
  readonly option: Option;
}

/** The input fields of a contract that are arguments, in order. Throws where the contract names one that is none. */
export function positionalFields({ name, input, aliases }: Contract): readonly Field[] {
  return (aliases.cli?.positional ?? []).map((wanted) => {
    const found = input.find((field) => field.name === wanted);
    if (!found) throw new TypeError(`${name} has no input field ${wanted}`);
    return found;
  });
}

export function positionalOf(field: Field, contracts: readonly Contract[]): Positional {
  const { type, refersTo } = field;
  const lister = contracts.find(({ name }) => name === field.listedBy);
  return {
    name: upper(field.name),
    description: field.description,
    ...(!field.required && { optional: true }),
    ...(type.kind === "string" && type.choices && { choices: type.choices }),
    ...(type.kind === "path" && { file: true }),
    ...broughtAlong(type),
    // Words may be another program's command line; paths are ours.
    ...(type.kind === "list" && (isPath(type) ? { several: true, file: true } : { many: true })),
    ...(refersTo === "virtual_machine" && { machine: true }),
    ...(lister && { listedBy: lister.aliases.cli?.name ?? lister.name }),
  };
}

/** What the caller brings along is no file of another host. */
function broughtAlong(type: FieldType): Pick<Option, "here"> {
  const element = type.kind === "list" || type.kind === "map" ? type.element : type;
  return "side" in element && element.side === "caller" ? { here: "Bring it there (scp), and log in (ssh HOST)." } : {};
}

/** The options of a contract's verb: an input field each, and a boolean that is on by default as its `--no-` form. */
export function fieldOptions(contract: Contract): readonly FieldOption[] {
  const taken = positionalFields(contract);
  const secrets = contract.input.filter((field) => field.writeOnly).map((field) => `${field.name}_version`);
  const left = contract.input.filter((field) => !taken.includes(field) && !secrets.includes(field.name));
  const names = contract.aliases.cli?.fields ?? {};
  return left.flatMap((field) => optionsOf(field, (names[field.name] ?? field.name).replaceAll("_", "-")));
}

/** What every verb of a contract takes beside its fields. */
export function commonOptions({ kind, name, aliases }: Contract): Readonly<Record<string, Option>> {
  const list = aliases.cli?.list;
  const printed = list === undefined ? json(name) : jsonLines(name, list);
  if (kind !== "action") return { json: printed };
  return {
    "dry-run": { kind: "flag", description: "Change nothing; tell what would be." },
    "lock-timeout": LOCK_TIMEOUT,
    json: printed,
  };
}

function optionsOf(field: Field, name: string): FieldOption[] {
  const { description, type } = field;
  if (type.kind === "boolean") return switches(field, name);
  if (field.sensitive || field.writeOnly) {
    const how = `${description} Read from FILE, or from standard input with -.`;
    const here = "Give it by standard input, with -.";
    const option: Option = { kind: "value", placeholder: "FILE", description: how, file: true, here };
    return [{ field, name: `${name}-file`, form: "secret", option }];
  }
  const form = formOf(type);
  const many = form === "list" || form === "map";
  const note = field.default === undefined || many ? "" : ` Default: ${String(field.default)}.`;
  const option: Option = {
    kind: "value",
    placeholder: placeholder(type, name),
    description: `${description}${note}`,
    ...choicesOf(type),
    ...(isPath(type) && { file: true }),
    ...broughtAlong(type),
    ...(many && { multiple: true }),
  };
  return [{ field, name, form, option }];
}

function switches(field: Field, name: string): FieldOption[] {
  const on: FieldOption = { field, name, form: "on", option: { kind: "flag", description: field.description } };
  const description = `Turns off: ${field.description}`;
  const off: FieldOption = { field, name: `no-${name}`, form: "off", option: { kind: "flag", description } };
  if (field.default === true) return [off];
  return field.default === false ? [on] : [on, off];
}

const SCALARS = ["string", "integer", "number", "size", "path", "boolean"];

function formOf(type: FieldType): Form {
  if (SCALARS.includes(type.kind)) return "value";
  if (type.kind === "list" && SCALARS.includes(type.element.kind)) return "list";
  return type.kind === "map" && SCALARS.includes(type.element.kind) ? "map" : "json";
}

function choicesOf(type: FieldType): { choices?: readonly string[] } {
  const own = type.kind === "list" ? type.element : type;
  return own.kind === "string" && own.choices ? { choices: own.choices } : {};
}

function isPath(type: FieldType): boolean {
  return type.kind === "path" || (type.kind === "list" && type.element.kind === "path");
}

function placeholder(type: FieldType, name: string): string {
  switch (type.kind) {
    case "integer":
    case "number":
      return "N";
    case "size":
      return "SIZE";
    case "path":
      return "PATH";
    case "list":
      return formOf(type) === "list" ? placeholder(type.element, name) : "JSON";
    case "map":
      return formOf(type) === "map" ? "KEY=VALUE" : "JSON";
    case "object":
      return "JSON";
    default:
      return upper(name);
  }
}

const upper = (name: string) => name.toUpperCase().replaceAll("_", "-");
