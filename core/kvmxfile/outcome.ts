import type { Value } from "../model/value.ts";

/** Text of guestkit.yaml with references in it, which must not be escaped. */
export class Template {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Declared =
  | string
  | number
  | boolean
  | Template
  | readonly Declared[]
  | { readonly [name: string]: Declared };

/** A field that a key becomes. */
export interface Setting {
  /** From the thing's own fields on: `["networks", "lan", "forwards", "http"]`. */
  readonly path: readonly string[];
  readonly of: "machine" | "image";
  readonly value: Declared;
}

/** What is left for the user to do. */
export interface Left {
  readonly why: string;
  readonly instead: string;
}

export type KeyStatus = "translated" | "partly" | "not_needed" | "untranslated";

/** What becomes of a key. */
export interface Outcome {
  readonly status: KeyStatus;
  readonly settings: readonly Setting[];
  /** What is to be known of it. */
  readonly note: string | null;
  readonly left: Left | null;
}

export const machine = (path: string | readonly string[], value: Declared): Setting => ({
  of: "machine",
  path: [path].flat(),
  value,
});
export const image = (path: string | readonly string[], value: Declared): Setting => ({
  ...machine(path, value),
  of: "image",
});

/** Without settings, what other keys or the machine's origin say stands for it. */
export const translated = (settings: Setting | readonly Setting[], note: string | null = null): Outcome => ({
  status: "translated",
  settings: [settings].flat(),
  note,
  left: null,
});
export const notNeeded = (note: string): Outcome => ({ status: "not_needed", settings: [], note, left: null });
export const untranslated = (why: string, instead: string): Outcome => partly([], [{ why, instead }]);

/** What could be translated, and what could not. */
export function partly(settings: readonly Setting[], left: readonly Left[], note: string | null = null): Outcome {
  const [first] = left;
  if (!first) return translated(settings, note);
  const whole = { why: left.map(({ why }) => why).join("; "), instead: first.instead };
  return { status: settings.length > 0 ? "partly" : "untranslated", settings, note, left: whole };
}

/** Literal text as guestkit.yaml writes it: `${` would start a reference. */
export const escaped = (text: string): string => text.replaceAll("${", () => "$${");

/** The value as it stands in guestkit.yaml. */
export function written(value: Declared): Value {
  if (value instanceof Template) return value.text;
  if (typeof value === "string") return escaped(value);
  if (typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(written);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, written(each as Declared)]));
}
