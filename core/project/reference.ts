import { type Diagnostic, problem } from "../engine/diagnostic.ts";
import type { FieldPath } from "../engine/path.ts";

/** What stands between `${` and `}`. */
export type Reference =
  /** A field of a thing: `disk_image.web.id`, `disk_image.web["a"].id`. */
  | { readonly kind: "entry"; readonly address: string; readonly path: FieldPath }
  /** `env.NAME`, `env.NAME:-else`. */
  | { readonly kind: "env"; readonly name: string; readonly fallback?: string }
  | { readonly kind: "file"; readonly path: string }
  /** A variable, its name first, or the key or value of a `for_each`. */
  | { readonly kind: "var" | "each"; readonly path: FieldPath }
  /** One of the two as an index of another: `disk_image.web[each.key].id`. */
  | { readonly kind: "indexed"; readonly steps: readonly Step[] }
  /** A text that is nothing but itself: `"..."`. */
  | { readonly kind: "text"; readonly text: string };

export interface Step {
  readonly value: string | number | Reference;
  /** It stood in brackets. */
  readonly isIndex: boolean;
}

/** A name, or an index: a number, a text in quotes, a variable or a part of `each`. */
const STEP =
  /(?<name>[^.[\]"'\s]+)|\[(?<number>\d+)\]|\[(?<text>"(?:[^"\\]|\\.)*")\]|\['(?<plain>[^']*)'\]|\[(?<inner>(?:each|var)\.[^[\]"'\s]+)\]/y;

export function parseReference(text: string): Reference {
  if (text.startsWith("env.")) return parseEnvironment(text.slice(4));
  if (text.startsWith("file.")) return { kind: "file", path: text.slice(5) };
  if (text.startsWith('"')) return { kind: "text", text: String(quoted(text) ?? text) };
  const steps = parseSteps(text);
  // Nothing has such an address, which is what is told of it.
  return steps ? referenceOf(steps) : { kind: "entry", address: text, path: [] };
}

function parseEnvironment(text: string): Reference {
  const at = text.indexOf(":-");
  if (at < 0) return { kind: "env", name: text };
  return { kind: "env", name: text.slice(0, at), fallback: text.slice(at + 2) };
}

function parseSteps(text: string): readonly Step[] | null {
  const steps: Step[] = [];
  for (let at = 0; at < text.length; ) {
    if (text[at] === "." && steps.length > 0) at++;
    STEP.lastIndex = at;
    const found = STEP.exec(text);
    const step = stepOf(found?.groups);
    if (!step || (!step.isIndex && steps.length > 0 && text[at - 1] !== ".")) return null;
    steps.push(step);
    at += found?.[0].length ?? 0;
  }
  return steps;
}

function stepOf(found: Partial<Record<string, string>> | undefined): Step | null {
  if (found?.name !== undefined) {
    return { value: /^\d+$/.test(found.name) ? Number(found.name) : found.name, isIndex: false };
  }
  const { number, text, plain, inner } = found ?? {};
  const value = number !== undefined ? Number(number) : (plain ?? (inner ? parseReference(inner) : quoted(text ?? "")));
  return value === null ? null : { value, isIndex: true };
}

function quoted(text: string): string | null {
  try {
    return String(JSON.parse(text));
  } catch {
    return null;
  }
}

/** An index right behind a thing's name is a part of its address. */
export function referenceOf(steps: readonly Step[]): Reference {
  const values = steps.map(({ value }) => value);
  const plain = values.filter((each) => typeof each !== "object");
  if (plain.length < values.length) return { kind: "indexed", steps };
  const [first, second, ...path] = plain;
  if (first === "var" || first === "each") return { kind: first, path: plain.slice(1) };
  const name = [first, second].filter((each) => each !== undefined).join(".");
  if (!steps[2]?.isIndex) return { kind: "entry", address: name, path };
  return { kind: "entry", address: addressOf(name, String(path[0])), path: path.slice(1) };
}

/** `virtual_machine.web["a"]`: the thing that a `for_each` makes for a key. */
export function addressOf(name: string, key: string): string {
  return `${name}[${JSON.stringify(key)}]`;
}

/** An address as people write it: `virtual_machine.web['a']` is `virtual_machine.web["a"]`. */
export function readAddress(text: string): string {
  const reference = parseReference(text);
  return reference.kind === "entry" && reference.path.length === 0 ? reference.address : text;
}

/** An address as a shell takes it. */
export function shellAddress(address: string): string {
  return address.includes("[") ? `'${address.replaceAll("'", "'\\''")}'` : address;
}

/** The declaration that makes a thing: `virtual_machine.web` of `virtual_machine.web["a"]`. */
export function nameOfAddress(address: string): string {
  const bracket = address.indexOf("[");
  return bracket < 0 ? address : address.slice(0, bracket);
}

/** `${disk_image.web.id}`, as the user wrote it. */
export function spell(reference: Reference): string {
  return `\${${spellInside(reference)}}`;
}

function spellInside(reference: Reference): string {
  switch (reference.kind) {
    case "entry":
      return inBraces(reference.address) + spellPath(reference.path);
    case "env":
      return `env.${reference.name}${reference.fallback === undefined ? "" : `:-${reference.fallback}`}`;
    case "file":
      return `file.${reference.path}`;
    case "var":
    case "each":
      return reference.kind + spellPath(reference.path);
    case "indexed":
      return reference.steps.map(spellStep).join("");
    case "text":
      return inBraces(JSON.stringify(reference.text));
  }
}

function spellStep({ value, isIndex }: Step, at: number): string {
  if (typeof value === "object") return `[${spellInside(value)}]`;
  if (isIndex) return `[${inBraces(JSON.stringify(value))}]`;
  return at > 0 ? spellPath([value]) : String(value);
}

const spellPath = (path: FieldPath): string =>
  path.map((step) => (isPlain(step) ? `.${step}` : `[${inBraces(JSON.stringify(step))}]`)).join("");

const isPlain = (step: string | number): boolean =>
  typeof step === "string" && /^[^.[\]"'{}$\s]+$/.test(step) && !/^\d+$/.test(step);

/** A text in quotes that holds no opening of another reference. */
const inBraces = (quoted: string): string => quoted.replaceAll("$", "\\u0024");

export function badReference(reference: Reference, path: FieldPath, why: string, help?: string): Diagnostic {
  return problem("E_REFERENCE", path, `Cannot use ${spell(reference)}: ${why}`, help);
}
