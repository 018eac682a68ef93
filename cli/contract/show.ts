import { formatDuration, formatSize } from "@guestkit/core/kit";
import { type Contract, type Field, isObject, type Value, type ValueObject } from "@guestkit/core/model";
import { calm } from "../output/json.ts";
import { table } from "../output/table.ts";

/** The answer of a query or an action: a document or lines with `json`, else a table for people. */
export function answerText(contract: Contract, output: ValueObject, json: boolean): string {
  const list = contract.aliases.cli?.list;
  if (list !== undefined) return rowsText(contract, rowsOf(output[list]), json);
  if (json) return `${calm(JSON.stringify(output, null, 2))}\n`;
  return contract.output.length > 0 ? facts(contract, output) : "";
}

function rowsOf(value: Value | undefined): readonly ValueObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function rowsText(contract: Contract, rows: readonly ValueObject[], json: boolean): string {
  if (json) return rows.map((row) => `${calm(JSON.stringify(row))}\n`).join("");
  if (rows.length === 0) return empty(contract);
  const fields = elementFields(contract);
  const names = columnsOf(contract, fields);
  const head = names.map((name) => name.toUpperCase().replaceAll("_", " "));
  return table([head, ...rows.map((row) => names.map((name) => cell(fields, name, row)))]);
}

function empty({ aliases }: Contract): string {
  return aliases.cli?.empty === undefined ? "" : `${aliases.cli.empty}\n`;
}

function elementFields({ output, aliases }: Contract): readonly Field[] {
  const type = output.find((field) => field.name === aliases.cli?.list)?.type;
  return type?.kind === "list" && type.element.kind === "object" ? type.element.fields : [];
}

function columnsOf({ aliases }: Contract, fields: readonly Field[]): readonly string[] {
  return aliases.cli?.columns ?? fields.map((field) => field.name);
}

function facts(contract: Contract, output: ValueObject): string {
  const names = columnsOf(contract, contract.output);
  return table(names.flatMap((name) => fact(`${name.replaceAll("_", " ")}:`, cellOf(contract.output, name, output))));
}

/** Of several things each has a line, the first one with the name. */
function fact(name: string, value: string | null | readonly string[]): readonly (readonly (string | null)[])[] {
  if (typeof value === "string" || value === null) return [[name, value]];
  return value.length === 0 ? [[name, null]] : value.map((line, at) => [at === 0 ? name : " ", line]);
}

function cellOf(fields: readonly Field[], name: string, row: ValueObject): string | null | readonly string[] {
  const value = row[name] ?? null;
  return Array.isArray(value) && value.some(isObject)
    ? value.map((each) => brief(each) ?? "")
    : cell(fields, name, row);
}

function cell(fields: readonly Field[], name: string, row: ValueObject): string | null {
  const value = row[name] ?? null;
  const unit = fields.find((field) => field.name === name)?.unit;
  if (unit === undefined || typeof value !== "number") return brief(value);
  return unit === "bytes" ? formatSize(value) : formatDuration(value);
}

function brief(value: Value): string | null {
  if (value === null || typeof value !== "object") return value === null ? null : String(value);
  const items: readonly Value[] = Array.isArray(value) ? value : [];
  const plain = Array.isArray(value) && items.every((each) => each === null || typeof each !== "object");
  if (plain) return items.map(String).join(", ");
  if (Array.isArray(value)) return JSON.stringify(value);
  const entries = Object.entries(value as ValueObject);
  const flat = entries.every(([, each]) => each === null || typeof each !== "object");
  const told = entries.filter(([, each]) => each !== null);
  return flat ? told.map(([key, each]) => `${key}=${String(each)}`).join(", ") : JSON.stringify(value);
}
