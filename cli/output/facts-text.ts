import { shown, table } from "./table.ts";

type Fields = Readonly<Record<string, unknown>>;

const INDENT = "  ";

/** A group of facts for people to read, whatever its fields are: lists as tables, the rest line by line; whole lines. */
export function factsText(name: string, value: unknown): string {
  return lines(name, value)
    .map((line) => `${line}\n`)
    .join("");
}

function lines(name: string, value: unknown): readonly string[] {
  if (isRows(value)) return [`${heading(name)}: ${value.length}`, ...indented(rowsText(value))];
  if (!isFields(value)) return [`${heading(name)}: ${plain(value)}`];
  return [`${heading(name)}:`, ...indented(Object.entries(value).flatMap(([key, field]) => lines(key, field)))];
}

const heading = (name: string) => name.replaceAll("_", " ");
const indented = (text: readonly string[]) => text.map((line) => `${INDENT}${line}`);

/** A table with its fields' names on top; what lies deeper in a row is its own column. */
function rowsText(rows: readonly Fields[]): readonly string[] {
  const flat = rows.map((row) => flatten(row));
  const columns = [...new Set(flat.flatMap((row) => Object.keys(row)))];
  const told = columns.filter((column) => flat.some((row) => (row[column] ?? "-") !== "-"));
  const head = told.map((column) => heading(column).toUpperCase());
  const text = table([head, ...flat.map((row) => told.map((column) => row[column]))]);
  return text.trimEnd().split("\n");
}

function flatten(row: Fields, prefix = ""): Readonly<Record<string, string>> {
  const cells = Object.entries(row).flatMap(([key, value]) =>
    isFields(value) ? Object.entries(flatten(value, `${prefix}${key} `)) : [[`${prefix}${key}`, plain(value)]],
  );
  return Object.fromEntries(cells);
}

/** Of one value: yes and no for booleans, a number for what would need a table of its own. */
function plain(value: unknown): string {
  if (value === null || value === "") return "-";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (!isList(value)) return shown(value);
  if (value.length === 0) return "-";
  return isRows(value) ? String(value.length) : shown(value.join(", "));
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isRows(value: unknown): value is readonly Fields[] {
  return Array.isArray(value) && value.length > 0 && value.every(isFields);
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}
