import type { FieldType } from "@guestkit/core/model";
import { SchemaObjectNestingMode as Nesting, type SchemaAttribute } from "../generated/protocol.ts";

/** The registry's custom for the schema's part of a page: required, optional, read-only, then each nested object. */
export function schemaSection(attributes: readonly SchemaAttribute[], notes: Notes): string {
  return ["## Schema", ...groups(attributes, notes, []), ...nested(attributes, notes, [])].join("\n\n");
}

/** What a contract knows of a field beyond the schema, by path: its default, its choices. */
export type Notes = (path: readonly string[]) => string;

function groups(attributes: readonly SchemaAttribute[], notes: Notes, path: readonly string[]): string[] {
  const required = attributes.filter((each) => each.required);
  const optional = attributes.filter((each) => each.optional);
  const readOnly = attributes.filter((each) => !each.required && !each.optional);
  const parts = [
    ["Required", required],
    ["Optional", optional],
    ["Read-Only", readOnly],
  ] as const;
  return parts
    .filter(([, members]) => members.length > 0)
    .map(([title, members]) =>
      [`### ${title}\n`, ...byName(members).map((each) => line(each, notes, path))].join("\n"),
    );
}

const byName = (attributes: readonly SchemaAttribute[]) =>
  attributes.toSorted((a, b) => ((a.name ?? "") < (b.name ?? "") ? -1 : 1));

function line(attribute: SchemaAttribute, notes: Notes, path: readonly string[]): string {
  const { name = "", description = "", sensitive, write_only, nested_type } = attribute;
  const here = [...path, name];
  const kinds = [typeText(attribute), sensitive && "Sensitive", write_only && "Write-only"].filter(Boolean);
  const link = nested_type ? ` (see [below](#${anchor(here)}))` : "";
  return `- \`${name}\` (${kinds.join(", ")}) ${[description, notes(here)].filter(Boolean).join(" ")}${link}`;
}

function nested(attributes: readonly SchemaAttribute[], notes: Notes, path: readonly string[]): string[] {
  return byName(attributes).flatMap(({ name = "", nested_type }) => {
    if (!nested_type) return [];
    const here = [...path, name];
    const inner = nested_type.attributes ?? [];
    return [
      `<a id="${anchor(here)}"></a>\n### Nested schema for \`${here.join(".")}\``,
      ...groups(inner, notes, here).map((text) => text.replace("### ", "#### ")),
      ...nested(inner, notes, here),
    ];
  });
}

const anchor = (path: readonly string[]) => `nestedatt--${path.join("--")}`;

export function typeText({ type, nested_type }: Pick<SchemaAttribute, "type" | "nested_type">): string {
  if (!nested_type) return ctyText(JSON.parse(Buffer.from(type ?? []).toString("utf8")) as unknown);
  if (nested_type.nesting === Nesting.LIST) return "Attributes List";
  return nested_type.nesting === Nesting.MAP ? "Attributes Map" : "Attributes";
}

function ctyText(type: unknown): string {
  if (!Array.isArray(type)) return { string: "String", number: "Number", bool: "Boolean" }[String(type)] ?? "Object";
  const [kind, element] = type as [string, unknown];
  return kind === "object" ? "Object" : `${kind === "list" ? "List" : "Map"} of ${ctyText(element)}`;
}

/** The field types along a path of attribute names are found by the caller; this says what one of them allows. */
export function choicesText(type: FieldType): string {
  return type.kind === "string" && type.choices
    ? `One of ${type.choices.map((each) => `\`${each}\``).join(", ")}.`
    : "";
}
