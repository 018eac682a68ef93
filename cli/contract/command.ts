import type { Contract, Example } from "@guestkit/core/model";
import type { Command, Group } from "../command/command.ts";
import { commonOptions, type FieldOption, fieldOptions, positionalFields, positionalOf } from "./options.ts";

/** Everything of a command but what it does. */
export type VerbData = Omit<Command, "load"> & { readonly contract: string };

/** First words of verbs with two, and the group in which help shows them. */
const GROUPS: Readonly<Record<string, Group>> = { vm: "Machines" };

/** The verb that is written by hand, and takes what a source has from the contract. */
const CREATE = "create";
/** Of a source: what `create` names in its own words. */
const OWN_WORDS: readonly string[] = ["url", "format", "allow_backing_files"];

/** The fields of a disk_image's source as a contract's, for those options of `create`. */
export function sourceOf(image: Contract): Contract {
  const type = image.input.find(({ name }) => name === "source")?.type;
  const fields = type?.kind === "object" ? type.fields : [];
  return { ...image, aliases: {}, input: fields.filter(({ name }) => !OWN_WORDS.includes(name)) };
}

function createOf(contracts: readonly Contract[]): VerbData[] {
  const image = contracts.find(({ name }) => name === "disk_image");
  if (!image) return [];
  const options = fieldOptions(sourceOf(image)).map((each) => [each.name, each.option] as const);
  const data = { group: "Make images", summary: image.summary, positionals: [], examples: [] } as const;
  return [{ ...data, name: CREATE, contract: image.name, options: Object.fromEntries(options) }];
}

/** The verbs that the contracts declare, as plain data. */
export function verbsOf(contracts: readonly Contract[]): readonly VerbData[] {
  const own = contracts
    .filter((each) => each.kind !== "resource" && each.aliases.cli?.positional)
    .map((each) => verbOf(each, contracts));
  return [...own, ...createOf(contracts)];
}

function verbOf(contract: Contract, contracts: readonly Contract[]): VerbData {
  const { name = contract.name, details = contract.description } = contract.aliases.cli ?? {};
  const options = fieldOptions(contract).map((each) => [each.name, each.option] as const);
  return {
    name,
    contract: contract.name,
    group: GROUPS[name.split(" ")[0] ?? ""] ?? "This host",
    summary: contract.summary.replace(/\.$/, ""),
    details,
    positionals: positionalFields(contract).map((field) => positionalOf(field, contracts)),
    options: { ...Object.fromEntries(options), ...commonOptions(contract) },
    examples: contract.examples.map((each) => ({ line: exampleLine(contract, name, each), note: each.title })),
    graceful: true,
  };
}

function exampleLine(contract: Contract, name: string, { input }: Example): string {
  const args = positionalFields(contract).flatMap((field) => [input[field.name] ?? []].flat().map(quoted));
  const options = fieldOptions(contract).flatMap((each) => exampleOption(each, input[each.field.name]));
  return ["guestkit", name, ...options, ...args].join(" ");
}

function exampleOption({ name, form }: FieldOption, value: unknown): string[] {
  if (value === undefined) return [];
  switch (form) {
    case "on":
    case "off":
      return value === (form === "on") ? [`--${name}`] : [];
    case "secret":
      return [`--${name} FILE`];
    case "list":
      return (value as readonly unknown[]).map((each) => `--${name} ${quoted(each)}`);
    case "map":
      return Object.entries(value as object).map(([key, each]) => `--${name} ${quoted(`${key}=${String(each)}`)}`);
    case "json":
      return [`--${name} ${quoted(JSON.stringify(value))}`];
    case "value":
      return [`--${name} ${quoted(value)}`];
  }
}

function quoted(value: unknown): string {
  const text = String(value);
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
