import {
  type Contract,
  type ContractKind,
  type FieldType,
  isList,
  isObject,
  type Value,
  type ValueObject,
} from "@guestkit/core/model";
import { hasWriteOnly, inputFields, type NamedField, named, typeName } from "../schema/names.ts";

/** The word that begins a block of each kind; functions have none. */
const WORDS: Readonly<Record<Exclude<ContractKind, "function">, string>> = {
  resource: "resource",
  query: "data",
  secret: "ephemeral",
  action: "action",
};

/** An example of a contract as Terraform's language writes it. */
export function exampleHcl(contract: Contract, input: ValueObject): string {
  if (contract.kind === "function") return `output "example" {\n  value = ${callHcl(contract, input)}\n}`;
  const head = `${WORDS[contract.kind]} "${typeName(contract)}" "example"`;
  const given = (indent: string) => body(inputFields(contract), input, hasWriteOnly(contract), indent);
  return contract.kind === "action" ? `${head} {\n  config ${given("  ")}\n}` : `${head} ${given("")}`;
}

function callHcl({ name, input: fields }: Contract, input: ValueObject): string {
  const given = fields.filter((field) => input[field.name] !== undefined);
  const words = given.map((field) => literal(field.type, input[field.name] ?? null, false, ""));
  return `provider::guestkit::${name}(${words.join(", ")})`;
}

/** An import by identity: the first example's, without the host. */
export function importHcl(contract: Contract): string {
  const [example] = contract.examples;
  const key = inputFields(contract).filter(({ field }) => contract.identity.includes(field.name));
  const identity = body(key, (example?.input ?? {}) as ValueObject, false, "  ");
  return `import {\n  to = ${typeName(contract)}.example\n  identity = ${identity}\n}`;
}

/** What `terraform query` takes: what is required, in capitals. */
export function listHcl(listing: Contract): string {
  const asked = listing.input.filter(({ required }) => required).map(({ name }) => [name, name.toUpperCase()]);
  const config = body(inputFields(listing), Object.fromEntries(asked), false, "  ");
  const lines = asked.length > 0 ? `  provider = guestkit\n\n  config ${config}\n` : "  provider = guestkit\n";
  return `list "${typeName(listing)}" "example" {\n${lines}}`;
}

function body(fields: readonly NamedField[], value: ValueObject, withWriteOnly: boolean, indent: string): string {
  const lines = fields
    .filter(({ field }) => value[field.name] !== undefined)
    .map(({ name, field }) => ({
      name,
      text: literal(field.type, value[field.name] ?? null, withWriteOnly, `${indent}  `),
    }));
  if (lines.length === 0) return "{}";
  return `{\n${aligned(lines)
    .map((line) => `${indent}  ${line}\n`)
    .join("")}${indent}}`;
}

/** `terraform fmt` lines the equals signs up over neighbours of one line each. */
function aligned(lines: readonly { readonly name: string; readonly text: string }[]): string[] {
  const isLong = (at: number) => lines[at]?.text.includes("\n") ?? true;
  return lines.map(({ name, text }, at) => {
    if (isLong(at)) return `${name} = ${text}`;
    let [first, last] = [at, at];
    while (!isLong(first - 1)) first--;
    while (!isLong(last + 1)) last++;
    const width = Math.max(...lines.slice(first, last + 1).map((each) => each.name.length));
    return `${name.padEnd(width)} = ${text}`;
  });
}

function literal(type: FieldType, value: Value, withWriteOnly: boolean, indent: string): string {
  if (type.kind === "object" && isObject(value))
    return body(named(type.fields, withWriteOnly), value, withWriteOnly, indent);
  if (type.kind === "list" && isList(value)) {
    const items = value.map((each) => literal(type.element, each, withWriteOnly, `${indent}  `));
    const inOne = `[${items.join(", ")}]`;
    if (!inOne.includes("\n") && inOne.length < 80) return inOne;
    return `[\n${items.map((item) => `${indent}  ${item},\n`).join("")}${indent}]`;
  }
  if (type.kind === "map" && isObject(value)) {
    const entries = Object.entries(value).map(
      ([key, each]) => `${indent}  ${word(key)} = ${literal(type.element, each, withWriteOnly, `${indent}  `)}\n`,
    );
    return entries.length > 0 ? `{\n${entries.join("")}${indent}}` : "{}";
  }
  return typeof value === "string" ? quote(value) : String(value);
}

const word = (key: string) => (/^[A-Za-z_][\w-]*$/.test(key) ? key : quote(key));
/** `${` and `%{` would begin a template. */
const quote = (text: string) => JSON.stringify(text).replace(/([$%])\{/g, "$1$1{");
