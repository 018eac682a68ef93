import { table } from "./table.ts";
import { isFields, words } from "./words.ts";

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
    isFields(value) ? Object.entries(flatten(value, `${prefix}${key} `)) : [[`${prefix}${key}`, cell(value)]],
  );
  return Object.fromEntries(cells);
}

/** Of one value: a number for what would need a table of its own. */
const plain = (value: unknown): string => (isRows(value) ? String(value.length) : words(value));

/** Length of a cell (UTF-16 units) beyond which a list is told in part: one long cell makes every row as wide. */
const WIDEST = 80;

/** Of a list as much as fits, and how many there are beside it. */
function cell(value: unknown): string {
  const whole = plain(value);
  if (!Array.isArray(value) || whole.length <= WIDEST) return whole;
  let told = "";
  let count = 0;
  for (const each of value.map(words)) {
    if (count > 0 && told.length + each.length > WIDEST) break;
    told += `${count++ > 0 ? ", " : ""}${each}`;
  }
  return count === value.length ? whole : `${told} and ${value.length - count} more`;
}

function isRows(value: unknown): value is readonly Fields[] {
  return Array.isArray(value) && value.length > 0 && value.every(isFields);
}
