import type { Contract, ContractKind, Field, FieldType, ValueObject } from "@guestkit/core/model";
import type { Schema } from "../generated/protocol.ts";
import { listings } from "../schema/listing.ts";
import { hasWriteOnly, inputFields, type NamedField, named, outputFields, typeName } from "../schema/names.ts";
import { actionSchema, providerSchema, schemaOf } from "../schema/schema.ts";
import { choicesText, type Notes, schemaSection } from "./attributes.ts";
import { functionSections } from "./function.ts";
import { exampleHcl, importHcl, listHcl } from "./hcl.ts";

const REQUIRE = `terraform {
  required_providers {
    guestkit = { source = "guestkit/guestkit" }
  }
}

provider "guestkit" {}`;

/** What the registry calls a kind, and the folder of its pages. */
const KINDS: Readonly<Record<ContractKind, { readonly title: string; readonly folder: string }>> = {
  resource: { title: "Resource", folder: "resources" },
  query: { title: "Data Source", folder: "data-sources" },
  secret: { title: "Ephemeral Resource", folder: "ephemeral-resources" },
  action: { title: "Action", folder: "actions" },
  function: { title: "Function", folder: "functions" },
};

/** The pages of the provider in the registry's layout: path below `provider/` -> text. */
export function providerPages(contracts: readonly Contract[]): Readonly<Record<string, string>> {
  const offered = contracts.filter((each) => !each.interactive);
  const pages = offered.flatMap((contract) => {
    const file = `${nameOf(contract).replace(/^guestkit_/, "")}.md`;
    const listing = contract.kind === "resource" ? listings.get(typeName(contract)) : undefined;
    return [
      [`docs/${KINDS[contract.kind].folder}/${file}`, contractPage(contract)] as const,
      ...(listing ? [[`docs/list-resources/${file}`, listPage(listing)] as const] : []),
    ];
  });
  return { "docs/index.md": indexPage(), ...Object.fromEntries(pages) };
}

const nameOf = (contract: Contract): string => (contract.kind === "function" ? contract.name : typeName(contract));

function indexPage(): string {
  return page(
    "guestkit Provider",
    "Disk images and QEMU virtual machines as declared infrastructure, made without root and without a daemon.",
    ["## Example Usage", hcl(REQUIRE), section(providerSchema(), () => "")],
  );
}

function contractPage(contract: Contract): string {
  const examples = contract.examples.flatMap(({ title, input }) => [
    `### ${title}`,
    hcl(exampleHcl(contract, input as ValueObject)),
  ]);
  const title = `${nameOf(contract)} (${KINDS[contract.kind].title})`;
  return page(title, `${contract.summary}\n\n${contract.description}`, [
    ...(examples.length > 0 ? ["## Example Usage", ...examples] : []),
    ...(contract.kind === "function" ? functionSections(contract) : [section(shapeOf(contract), notesOf(contract))]),
    ...commandSection(contract),
  ]);
}

function shapeOf(contract: Contract): Schema {
  return (contract.kind === "action" ? actionSchema(contract).schema : schemaOf(contract)) ?? {};
}

/** What is done with it on the command line. */
function commandSection(contract: Contract): string[] {
  const { kind, identity } = contract;
  const type = typeName(contract);
  if (kind === "action") return ["## Invocation", shell(`terraform apply -invoke=action.${type}.example`)];
  if (kind !== "resource") return [];
  return [
    "## Import",
    shell(`terraform import ${type}.example ${identity.join("/").toUpperCase()}`),
    "By its identity, from Terraform 1.12 on; `host` is left out where it is the provider's own:",
    hcl(importHcl(contract)),
  ];
}

/** What `terraform query` runs. */
function listPage(listing: Contract): string {
  return page(`${typeName(listing)} (List Resource)`, listing.description, [
    "## Example Usage",
    "In a file `NAME.tfquery.hcl`, for `terraform query` (from Terraform 1.14 on):",
    hcl(listHcl(listing)),
    "`terraform query -generate-config-out=found.tf` writes a `resource` block and an `import` block for each.",
    ...(listing.input.length > 0 ? [section(schemaOf(listing), notesOf(listing))] : []),
  ]);
}

function page(title: string, description: string, parts: readonly string[]): string {
  const [summary = ""] = description.split("\n");
  return [
    `---\npage_title: ${JSON.stringify(title)}\ndescription: ${JSON.stringify(summary)}\n---`,
    "<!-- Written by `npm run generate` from the contracts. -->",
    `# ${title}`,
    description,
    ...parts,
    "",
  ]
    .join("\n\n")
    .trimEnd()
    .concat("\n");
}

const shell = (text: string) => `\`\`\`shell\n${text}\n\`\`\``;
const hcl = (text: string) => `\`\`\`terraform\n${text}\n\`\`\``;

function section(schema: Schema, notes: Notes): string {
  return schemaSection(schema.block?.attributes ?? [], notes);
}

function notesOf(contract: Contract): Notes {
  return (path) => {
    const field = find([...inputFields(contract), ...outputFields(contract)], path, hasWriteOnly(contract));
    return field ? [choicesText(field.type), defaultText(field), policyText(field)].filter(Boolean).join(" ") : "";
  };
}

function find(
  fields: readonly NamedField[],
  [name, ...rest]: readonly string[],
  withWriteOnly: boolean,
): Field | undefined {
  const field = fields.find((each) => each.name === name)?.field;
  if (!field || rest.length === 0) return field;
  const object = innerObject(field.type);
  return object && find(named(object.fields, withWriteOnly), rest, withWriteOnly);
}

function innerObject(type: FieldType): (FieldType & { kind: "object" }) | undefined {
  if (type.kind === "list" || type.kind === "map") return innerObject(type.element);
  return type.kind === "object" ? type : undefined;
}

function defaultText(field: Field): string {
  if (field.default === undefined || field.default === "") return "";
  return `Default: \`${JSON.stringify(field.default)}\`.`;
}

function policyText({ policy }: Field): string {
  if (policy === "immutable") return "A change replaces it.";
  if (policy === "createOnly") return "Used when it is made; a later change does nothing.";
  return policy === "growOnly" ? "Grows in place; it cannot become smaller." : "";
}
