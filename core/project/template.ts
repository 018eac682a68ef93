import type { FieldPath } from "../engine/path.ts";
import { isList, isObject, UNKNOWN, type Value, type ValueObject } from "../model/value.ts";
import { parseReference, type Reference, referenceOf, spell } from "./reference.ts";

/** Text cut at its references. */
type Part = string | Reference;

/** How references get their values; UNKNOWN for what only an apply tells. */
export type Resolve = (reference: Reference) => Value;

/** The same, undefined for those that stay as they are. */
export type Substitute = (reference: Reference) => Value | undefined;

/** `$${` stands for `${`; one that nothing closes is text. */
function split(text: string): Part[] {
  const parts: Part[] = [];
  // Behind the last bracket nothing is closed: no opening there is searched to the end again.
  const lastClose = text.lastIndexOf("}");
  let end = 0;
  for (let open = text.indexOf("${"); open >= 0; open = text.indexOf("${", Math.max(end, open + 2))) {
    const isEscaped = open > end && text[open - 1] === "$";
    if (!isEscaped && open > lastClose) continue;
    const start = isEscaped ? open - 1 : open;
    const close = isEscaped ? open + 1 : closeOf(text, open);
    if (start > end) parts.push(text.slice(end, start));
    parts.push(isEscaped ? "${" : parseReference(text.slice(open + 2, close).trim()));
    end = close + 1;
  }
  if (end < text.length || parts.length === 0) parts.push(text.slice(end));
  return parts;
}

/** A bracket in the quotes of an index closes nothing. No further than the next opening: each is looked through once. */
function closeOf(text: string, open: number): number {
  const next = text.indexOf("${", open + 2);
  const end = next < 0 ? text.length : next;
  for (let at = open + 2; at < end; at++) {
    if (text[at] === "}") return at;
    const opensText = at === open + 2 || text[at - 1] === "[";
    if (opensText && (text[at] === '"' || text[at] === "'")) at = endOfQuotes(text, at, end);
  }
  return text.indexOf("}", open);
}

function endOfQuotes(text: string, start: number, end: number): number {
  const quote = text[start];
  for (let at = start + 1; at < end; at++) {
    if (text[at] === quote) return at;
    if (text[at] === "\\" && quote === '"') at++;
  }
  return end;
}

/** Every reference in a declaration, with the path of the value that holds it. */
export function* references(value: Value, path: FieldPath = []): Generator<readonly [Reference, FieldPath]> {
  if (typeof value === "string") {
    for (const part of split(value)) if (typeof part !== "string") yield [part, path];
  } else if (isList(value)) {
    for (const [index, each] of value.entries()) yield* references(each, [...path, index]);
  } else if (isObject(value)) {
    for (const [key, each] of Object.entries(value)) yield* references(each, [...path, key]);
  }
}

/** The declaration with each of its texts changed. */
export function mapTexts(value: Value, change: (text: string, path: FieldPath) => Value, path: FieldPath = []): Value {
  if (typeof value === "string") return change(value, path);
  if (isList(value)) return value.map((each, index) => mapTexts(each, change, [...path, index]));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, mapTexts(each, change, [...path, key])]));
}

/** The declaration with its references replaced. One that is the whole text keeps its type. */
export function evaluate(value: Value, resolve: Resolve): Value {
  return mapTexts(value, (text) => evaluateText(text, resolve));
}

export function evaluateObject(value: ValueObject, resolve: Resolve): ValueObject {
  return evaluate(value, resolve) as ValueObject;
}

function evaluateText(text: string, resolve: Resolve): Value {
  const parts = split(text).map((part) => (typeof part === "string" ? part : resolve(settle(part, resolve))));
  if (parts.length === 1) return parts[0] ?? null;
  if (parts.includes(UNKNOWN)) return UNKNOWN;
  return parts.map(textOf).join("");
}

const textOf = (value: Value): string => (typeof value === "object" ? JSON.stringify(value) : String(value));

/**
 * A text with some of its references replaced: what is left is a template that means what the first one did, whatever
 * the values are.
 */
export function substituteText(text: string, substitute: Substitute): Value {
  const parts = split(text).map((part) => (typeof part === "string" ? part : replaced(part, substitute)));
  const [only] = parts;
  if (parts.length === 1 && typeof only === "object" && only !== null && "value" in only) return escaped(only.value);
  return parts.map((part) => (typeof part === "string" ? written(part) : inText(part))).join("");
}

type Replaced = { readonly value: Value } | Reference;

function replaced(reference: Reference, substitute: Substitute): Replaced {
  const settled = settle(reference, substitute);
  const value = substitute(settled);
  return value === undefined ? settled : { value };
}

/** With its indexes replaced, as far as they are known. */
function settle(reference: Reference, substitute: Substitute): Reference {
  if (reference.kind !== "indexed") return reference;
  const steps = reference.steps.map((step) => {
    if (typeof step.value !== "object") return step;
    const value = substitute(step.value);
    return typeof value === "string" || typeof value === "number" ? { ...step, value } : step;
  });
  return referenceOf(steps);
}

const inText = (part: Replaced): string => ("value" in part ? literal(textOf(part.value)) : spell(part));

/** What a value is as a template that evaluates to it. */
const escaped = (value: Value): Value => mapTexts(value, (text) => literal(text));

const written = (text: string): string => text.replaceAll("${", () => "$${");

/** Values keep to themselves: what they begin or end with makes no reference of what they stand beside. */
function literal(text: string): string {
  if (!text.includes("$") && !text.startsWith("{")) return text;
  return spell({ kind: "text", text });
}

/** The value at a path into another; null where it is not there. */
export function dig(value: Value, path: FieldPath): Value {
  let found = value;
  for (const step of path) {
    if (found === UNKNOWN) return UNKNOWN;
    if (isList(found)) found = typeof step === "number" ? (found[step] ?? null) : null;
    else if (isObject(found)) found = Object.hasOwn(found, step) ? (found[step] ?? null) : null;
    else return null;
  }
  return found;
}
