import type { Diagnostic } from "../engine/diagnostic.ts";
import { problem } from "../engine/diagnostic.ts";
import type { FieldPath } from "../engine/path.ts";
import { isList, isObject, UNKNOWN, type Value, type ValueObject } from "../model/value.ts";

/** What stands between `${` and `}`. */
export type Reference =
  | { readonly kind: "entry"; readonly address: string; readonly path: FieldPath }
  | { readonly kind: "env"; readonly name: string }
  | { readonly kind: "file"; readonly path: string };

/** Text cut at its references. */
type Part = string | Reference;

/** How references get their values; UNKNOWN for what only an apply tells. */
export type Resolve = (reference: Reference) => Value;

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
    const close = isEscaped ? open + 1 : text.indexOf("}", open);
    if (start > end) parts.push(text.slice(end, start));
    parts.push(isEscaped ? "${" : parseReference(text.slice(open + 2, close).trim()));
    end = close + 1;
  }
  if (end < text.length || parts.length === 0) parts.push(text.slice(end));
  return parts;
}

function parseReference(text: string): Reference {
  if (text.startsWith("env.")) return { kind: "env", name: text.slice(4) };
  if (text.startsWith("file.")) return { kind: "file", path: text.slice(5) };
  const steps = text.replace(/\[(\d+)\]/g, ".$1").split(".");
  const path = steps.slice(2).map((step) => (/^\d+$/.test(step) ? Number(step) : step));
  return { kind: "entry", address: steps.slice(0, 2).join("."), path };
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

/** The declaration with its references replaced. One that is the whole text keeps its type. */
export function evaluate(value: Value, resolve: Resolve): Value {
  if (typeof value === "string") return evaluateText(value, resolve);
  if (isList(value)) return value.map((each) => evaluate(each, resolve));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, evaluate(each, resolve)]));
}

export function evaluateObject(value: ValueObject, resolve: Resolve): ValueObject {
  return evaluate(value, resolve) as ValueObject;
}

function evaluateText(text: string, resolve: Resolve): Value {
  const parts = split(text).map((part) => (typeof part === "string" ? part : resolve(part)));
  if (parts.length === 1) return parts[0] ?? null;
  if (parts.includes(UNKNOWN)) return UNKNOWN;
  return parts.map((part) => (typeof part === "object" ? JSON.stringify(part) : String(part))).join("");
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

/** `${disk_image.web.id}`, as the user wrote it. */
export function spell(reference: Reference): string {
  if (reference.kind === "env") return `\${env.${reference.name}}`;
  if (reference.kind === "file") return `\${file.${reference.path}}`;
  return `\${${[reference.address, ...reference.path].join(".")}}`;
}

export function badReference(reference: Reference, path: FieldPath, why: string, help?: string): Diagnostic {
  return problem("E_REFERENCE", path, `Cannot use ${spell(reference)}: ${why}`, help);
}
