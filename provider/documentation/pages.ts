import type { Contract, Field, FieldType, ValueObject } from "@guestkit/core/model";
import type { Schema } from "../generated/protocol.ts";
import { inputFields, type NamedField, named, outputFields, typeName } from "../schema/names.ts";
import { providerSchema, schemaOf } from "../schema/schema.ts";
import { choicesText, type Notes, schemaSection } from "./attributes.ts";
import { exampleHcl } from "./hcl.ts";

const REQUIRE = `terraform {
  required_providers {
    guestkit = { source = "guestkit/guestkit" }
  }
}

provider "guestkit" {}`;

/** The pages of the provider in the registry's layout: path below `provider/` -> text. */
export function providerPages(contracts: readonly Contract[]): Readonly<Record<string, string>> {
  const kinds = { resource: "docs/resources", query: "docs/data-sources" } as const;
  const pages = contracts.flatMap((contract) => {
    if (contract.kind === "action") return [];
    const file = `${typeName(contract).replace(/^guestkit_/, "")}.md`;
    return [[`${kinds[contract.kind]}/${file}`, contractPage(contract)] as const];
  });
  return { "docs/index.md": indexPage(), ...Object.fromEntries(pages) };
}

function indexPage(): string {
  return page(
    "guestkit Provider",
    "Disk images and QEMU virtual machines as declared infrastructure, made without root and without a daemon.",
    ["## Example Usage", hcl(REQUIRE), section(providerSchema(), () => "")],
  );
}

function contractPage(contract: Contract): string {
  const kind = contract.kind === "resource" ? "Resource" : "Data Source";
  const examples = contract.examples.flatMap(({ title, input }) => [
    `### ${title}`,
    hcl(exampleHcl(contract, input as ValueObject)),
  ]);
  const importing =
    contract.kind === "resource"
      ? [
          "## Import",
          `\`\`\`shell\nterraform import ${typeName(contract)}.example ${contract.identity.join("/").toUpperCase()}\n\`\`\``,
        ]
      : [];
  return page(`${typeName(contract)} (${kind})`, `${contract.summary}\n\n${contract.description}`, [
    ...(examples.length > 0 ? ["## Example Usage", ...examples] : []),
    section(schemaOf(contract), notesOf(contract)),
    ...importing,
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

const hcl = (text: string) => `\`\`\`terraform\n${text}\n\`\`\``;

function section(schema: Schema, notes: Notes): string {
  return schemaSection(schema.block?.attributes ?? [], notes);
}

function notesOf(contract: Contract): Notes {
  return (path) => {
    const field = find([...inputFields(contract), ...outputFields(contract)], path, contract.kind === "resource");
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
