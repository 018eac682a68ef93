import { LineCounter } from "yaml";
import { GuestkitError } from "../kit/errors.ts";
import { excerpt } from "../kit/name.ts";
import { suggestion } from "../kit/nearest.ts";
import { isObject, type Value, type ValueObject } from "../model/value.ts";
import { locate, type ProjectDocument } from "./document.ts";
import { isOfType, mistyped, type Variable } from "./variables.ts";
import { readYaml, YamlFault } from "./yaml-value.ts";

/** Where the values of variables come from, beside their defaults; the last one named wins. */
export interface Given {
  /** Those whose names begin with `GUESTKIT_VAR_`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Maps of names and values. */
  readonly files?: readonly ProjectDocument[];
  /** `NAME=VALUE`. */
  readonly words?: readonly string[];
  /** What a saved plan was made with: nothing else counts. */
  readonly kept?: ValueObject;
}

/** A value, or what is told where it is used. */
export type Resolved = { readonly value: Value } | { readonly fault: string } | null;

const ENV = "GUESTKIT_VAR_";

interface Source {
  /** `--var size`, `prod.yaml:3:7`. */
  readonly place: string;
  readonly value: Value;
  /** Text is read as the variable's type has it. */
  readonly isText: boolean;
}

/**
 * The value of each variable; null where none is given and there is no default.
 * Throws `E_VARIABLE_UNKNOWN` for one that is given and not declared, `E_VARIABLE_KEPT` for one that a plan keeps,
 * `E_VARIABLE_SYNTAX` for what gives none.
 */
export function resolveVariables(variables: readonly Variable[], given: Given): ReadonlyMap<string, Resolved> {
  const words = readWords(given.words ?? []);
  demandDeclared(variables, given, words);
  return new Map(
    variables.map((variable) => [variable.name, resolve(variable, sourceOf(variable.name, given, words))]),
  );
}

function readWords(words: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    words.map((word) => {
      const at = word.indexOf("=");
      if (at > 0) return [word.slice(0, at), word.slice(at + 1)] as const;
      const message = `Cannot use --var ${excerpt(word)}: it is not NAME=VALUE`;
      throw new GuestkitError("E_VARIABLE_SYNTAX", message, { help: "Write: --var NAME=VALUE" });
    }),
  );
}

function demandDeclared(variables: readonly Variable[], given: Given, words: ReadonlyMap<string, string>): void {
  const names = variables.map(({ name }) => name);
  const help = names.length > 0 ? `Variables: ${names.join(", ")}` : "Declare it: variables: { NAME: { ... } }";
  const refuse = (name: string, place: string) => {
    if (given.kept && Object.hasOwn(given.kept, name)) throw kept(name, place);
    if (names.includes(name)) return;
    const message = `Cannot use ${place}: the project file declares no variable "${excerpt(name)}"`;
    throw new GuestkitError("E_VARIABLE_UNKNOWN", message, { help: `${suggestion(name, names)}${help}` });
  };
  for (const name of words.keys()) refuse(name, `--var ${excerpt(name)}`);
  for (const file of given.files ?? []) for (const name of namesOf(file)) refuse(name, placeIn(file, name));
}

function kept(name: string, place: string): GuestkitError {
  return new GuestkitError("E_VARIABLE_KEPT", `Cannot use ${place}: the plan has its value of ${name} already`, {
    help: "Leave it out, or make another plan with it: guestkit plan --out FILE",
  });
}

function namesOf(document: ProjectDocument): readonly string[] {
  const value = document.value as Value;
  if (value === null) return [];
  if (isObject(value)) return Object.keys(value);
  throw new GuestkitError("E_VARIABLE_SYNTAX", `Cannot use ${document.file}: it is no map of names and values`, {
    at: { file: document.file },
    help: "Write a line for each variable: NAME: VALUE",
  });
}

function placeIn(document: ProjectDocument, name: string): string {
  const at = locate(document, [name]);
  return at ? `${document.file}:${at.line}:${at.column}` : document.file;
}

function sourceOf(name: string, given: Given, words: ReadonlyMap<string, string>): Source | null {
  if (given.kept && Object.hasOwn(given.kept, name)) {
    return { place: `the plan's ${name}`, value: given.kept[name] ?? null, isText: false };
  }
  const word = words.get(name);
  if (word !== undefined) return { place: `--var ${name}`, value: word, isText: true };
  const file = given.files?.findLast((each) => Object.hasOwn((each.value ?? {}) as ValueObject, name));
  if (file) {
    return {
      place: `${name} at ${placeIn(file, name)}`,
      value: (file.value as ValueObject)[name] ?? null,
      isText: false,
    };
  }
  const text = given.env?.[ENV + name];
  return text === undefined ? null : { place: ENV + name, value: text, isText: true };
}

function resolve(variable: Variable, source: Source | null): Resolved {
  if (!source) return variable.default === undefined ? null : { value: variable.default };
  const value = source.isText ? parseText(variable, String(source.value)) : source.value;
  if (isOfType(variable.type, value)) return { value };
  return { fault: `Cannot use ${source.place}: ${mistyped(variable, value)}` };
}

/** A text stays one; other types are read as the file itself would have them. */
function parseText({ type }: Variable, text: string): Value {
  if (type === "string") return text;
  try {
    return readYaml(text, new LineCounter()).value as Value;
  } catch (cause) {
    if (cause instanceof YamlFault) return text;
    throw cause;
  }
}
