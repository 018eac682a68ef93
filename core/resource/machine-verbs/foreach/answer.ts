import { printableLines } from "../../../kit/name.ts";
import { isList, isObject, type Value, type ValueObject } from "../../../model/value.ts";
import { cleanConsole } from "../../../qemu/log/console-text.ts";

/** Of one text that a machine says, the end is kept (UTF-16 units). */
const TEXT = 64 << 10;
/** Elements of one list, and fields of one object. */
const MANY = 1_000;
const DEEP = 8;

/** A text from a machine that no terminal minds: without escape sequences, and its end alone where it is long. */
export function calmText(text: string, limit = TEXT): string {
  // What is cut off is not searched for sequences.
  const end = text.length > limit ? text.slice(-limit) : text;
  const clean = printableLines(cleanConsole(end).replaceAll("\t", "    "));
  return text.length > limit ? `[the first ${text.length - limit} characters are left out]\n${clean}` : clean;
}

/** An answer in which every text is calm, and nothing is without end. */
export function calmAnswer(answer: ValueObject): ValueObject {
  return calm(answer, DEEP) as ValueObject;
}

function calm(value: Value, depth: number): Value {
  if (typeof value === "string") return calmText(value);
  if (!isList(value) && !isObject(value)) return value;
  if (depth === 0) return null;
  if (isList(value)) return value.slice(0, MANY).map((each) => calm(each, depth - 1));
  const entries = Object.entries(value).slice(0, MANY);
  return Object.fromEntries(entries.map(([key, each]) => [calmText(key, 200), calm(each, depth - 1)]));
}
