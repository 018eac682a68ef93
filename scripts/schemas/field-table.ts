import type { JsonSchema } from "../../core/model/json-schema.ts";

/** A field as a page tells it. */
interface Row {
  /** From the part that the table is of: `enabled[].name`. */
  readonly path: string;
  readonly type: string;
  readonly description: string;
  /** Where it is read; empty where that is said of what it is in. */
  readonly from: string;
}

/** The fields of a part, those within fields too, but not those of a part with a name. Throws where it has none. */
export function fieldTable(schema: JsonSchema): string {
  const { inner, suffix } = within(schema);
  if (!inner) throw new TypeError(`Cannot list the fields of ${JSON.stringify(schema)}: it has none`);
  const all = rowsOf(inner, suffix === "" ? "" : `${suffix}.`);
  const rows = all.map(
    (row) => `| \`${row.path}\` | ${row.type} | ${cell(row.description)} | ${cell(originOf(row, all))} |\n`,
  );
  return `| field | type | what it is | where it is read |\n|---|---|---|---|\n${rows.join("")}`;
}

/** Many files are listed once. */
function originOf({ path, from }: Row, rows: readonly Row[]): string {
  const first = rows.find((each) => each.from === from)?.path ?? path;
  return first !== path && from.split(", ").length > 2 ? `as \`${first}\`` : from;
}

const cell = (text: string) => text.replaceAll("|", "\\|");

function rowsOf(schema: JsonSchema, above: string): readonly Row[] {
  const properties = Object.entries((schema.properties ?? {}) as Readonly<Record<string, JsonSchema>>);
  return properties.flatMap(([name, field]) => {
    const path = `${above}${name}`;
    const { inner, suffix } = within(field);
    const row = { path, type: typeText(field), description: String(field.description ?? ""), from: fromOf(field) };
    return [row, ...(inner ? rowsOf(inner, `${path}${suffix}.`) : [])];
  });
}

const fromOf = ({ $comment }: JsonSchema) => String($comment ?? "").replace(/^Read from: /, "");

/** What a field is but for null, and whether it is in a list. */
function within(field: JsonSchema): { readonly inner: JsonSchema | null; readonly suffix: string } {
  const schema = unlessNull(field);
  if (schema.items) return { inner: within(schema.items as JsonSchema).inner, suffix: "[]" };
  return { inner: schema.properties ? schema : null, suffix: "" };
}

function unlessNull(field: JsonSchema): JsonSchema {
  const kinds = field.anyOf as readonly JsonSchema[] | undefined;
  const others = kinds?.filter(({ type }) => type !== "null") ?? [];
  return others.length === 1 ? (others[0] as JsonSchema) : field;
}

/** `list of PackageReport, or null`. */
function typeText(field: JsonSchema): string {
  const isNullable = Array.isArray(field.type)
    ? field.type.includes("null")
    : ((field.anyOf ?? []) as readonly JsonSchema[]).some(({ type }) => type === "null");
  return `${plainText(unlessNull(field))}${isNullable ? ", or null" : ""}`;
}

function plainText({ $ref, type, items, enum: choices, const: only }: JsonSchema): string {
  if ($ref !== undefined) return partLink(String($ref).replace("#/$defs/", ""));
  if (items !== undefined) return `list of ${typeText(items as JsonSchema)}`;
  if (only !== undefined) return `\`${String(only)}\``;
  if (choices !== undefined) return (choices as readonly unknown[]).map((each) => `\`${String(each)}\``).join(", ");
  return [type]
    .flat()
    .filter((each) => each !== "null")
    .join(" or ");
}

const partLink = (name: string) => `[${name}](#${name.toLowerCase()})`;
