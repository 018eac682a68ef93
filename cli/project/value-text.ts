import { spellSize } from "@guestkit/core/kit";
import type { FieldType } from "@guestkit/core/model";
import { isList, isObject, UNKNOWN, type Value } from "@guestkit/core/model";
import { shown as safe } from "../output/table.ts";

/** Longest text of one value on a terminal; elsewhere nothing is cut. */
const WIDTH = 60;

/** A value in one line. Sizes are spelled as `like`, a size beside it. */
export function inLine(value: Value, type?: FieldType, like?: Value): string {
  const text = safe(scalar(value, type, like));
  return process.stdout.isTTY && text.length > WIDTH ? `${text.slice(0, WIDTH - 3)}...` : text;
}

/** Whether a value is shown over several lines. */
export const isBlock = (value: Value): boolean =>
  (isObject(value) || isList(value)) && Object.values(value).some((each) => each !== null);

/** A map or list as lines of YAML; fields that are null are left out. */
export function inBlock(value: Value, type?: FieldType): string[] {
  if (isList(value)) return value.flatMap((each) => item(each, elementOf(type)));
  if (!isObject(value)) return [inLine(value, type)];
  return Object.entries(value).flatMap(([name, each]) =>
    each === null ? [] : named(safe(word(name)), each, fieldOf(type, name)),
  );
}

/** `name: value`, or what is in it below. */
export function named(name: string, value: Value, type?: FieldType): string[] {
  if (!isBlock(value)) return [`${name}: ${inLine(value, type)}`];
  return [`${name}:`, ...inBlock(value, type).map((line) => `  ${line}`)];
}

function item(value: Value, type: FieldType | undefined): string[] {
  const [first = "", ...rest] = isBlock(value) ? inBlock(value, type) : [inLine(value, type)];
  return [`- ${first}`, ...rest.map((line) => `  ${line}`)];
}

function elementOf(type: FieldType | undefined): FieldType | undefined {
  return type?.kind === "list" || type?.kind === "map" ? type.element : undefined;
}

function fieldOf(type: FieldType | undefined, name: string): FieldType | undefined {
  if (type?.kind === "object") return type.fields.find((field) => field.name === name)?.type;
  return elementOf(type);
}

function scalar(value: Value, type?: FieldType, like?: Value): string {
  if (value === UNKNOWN) return "(known after apply)";
  if (value === null) return "(none)";
  if (type?.kind === "size" && typeof value === "number") return spellSize(value, typeof like === "string" ? like : "");
  if (typeof value === "string") return type?.kind === "size" ? value : word(value);
  return JSON.stringify(value);
}

/** Plain where YAML has it as the same text. */
function word(text: string): string {
  const isPlain =
    /^[A-Za-z_./~(][\w./~:@+ ()-]*$/.test(text) && !/^(?:true|false|null|yes|no|on|off|~)$|: |:$| $/i.test(text);
  return isPlain ? text : JSON.stringify(text);
}
