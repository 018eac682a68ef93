import { type Diagnostic, problem } from "../engine/diagnostic.ts";
import { excerpt } from "../kit/name.ts";
import { isList, isObject, type Value, type ValueObject } from "../model/value.ts";
import { evaluate, references } from "./template.ts";

export const VARIABLE_TYPES = ["string", "number", "bool", "list", "map"] as const;
export type VariableType = (typeof VARIABLE_TYPES)[number];

/** A variable of the file. */
export interface Variable {
  readonly name: string;
  readonly type: VariableType;
  /** Absent: a value must be given where something uses it. */
  readonly default?: Value;
  /** Its value is shown nowhere. */
  readonly sensitive: boolean;
}

/** No other characters than the name of an environment's variable may have. */
export const VARIABLE_NAME = "^[A-Za-z_][A-Za-z0-9_]*$";
const KEYS = ["type", "default", "sensitive", "description"];

/** Whether a value is of a type; null, which stands for none, is of each. */
export function isOfType(type: VariableType, value: Value): boolean {
  if (value === null) return true;
  if (type === "list") return isList(value);
  if (type === "map") return isObject(value);
  if (type === "number") return Number.isFinite(value);
  return typeof value === (type === "bool" ? "boolean" : type);
}

/** `it must be a number, not "x"`; a secret is not repeated. */
export function mistyped({ type, sensitive }: Variable, value: Value): string {
  const found = isList(value)
    ? "a list"
    : isObject(value)
      ? "a map"
      : sensitive
        ? `a ${typeof value}`
        : excerpt(typeof value === "string" ? JSON.stringify(value) : String(value));
  return `it must be ${NOUNS[type]}, not ${found}`;
}

const NOUNS: Readonly<Record<VariableType, string>> = {
  string: "a string",
  number: "a number",
  bool: "true or false",
  list: "a list",
  map: "a map",
};

/** What a value of the type looks like, for who wrote another one. */
export function exampleOf({ type }: Pick<Variable, "type">): string {
  return `Write ${EXAMPLES[type]}.`;
}

const EXAMPLES: Readonly<Record<VariableType, string>> = {
  string: 'it in quotes: "20"',
  number: "digits alone: 20",
  bool: "true or false",
  list: "[a, b]",
  map: "{ a: 1, b: 2 }",
};

/** The section `variables`. */
export function readVariables(section: ValueObject, diagnostics: Diagnostic[]): readonly Variable[] {
  return Object.entries(section).flatMap(([name, declared]) => readVariable(name, declared ?? {}, diagnostics));
}

function readVariable(name: string, declared: Value, diagnostics: Diagnostic[]): readonly Variable[] {
  const path = ["variables", name];
  const refuse = (code: string, field: readonly string[], why: string, help?: string) => {
    diagnostics.push(problem(code, [...path, ...field], `Cannot use the variable "${excerpt(name)}": ${why}`, help));
    return [];
  };
  if (!new RegExp(VARIABLE_NAME).test(name)) {
    return refuse("E_PROJECT_NAME", [], "its name has other characters than letters, digits and _");
  }
  if (!isObject(declared)) return refuse("E_FIELD_TYPE", [], "it must be a map", `Write: ${name}: { default: ... }`);
  for (const key of Object.keys(declared).filter((each) => !KEYS.includes(each))) {
    refuse("E_FIELD_UNKNOWN", [key], `it has no "${excerpt(key)}"`, `Fields here: ${KEYS.join(", ")}`);
  }
  const type = declared.type ?? typeOf(declared.default ?? null);
  if (!isType(type)) return refuse("E_FIELD_CHOICE", ["type"], `it has no type`, `Types: ${VARIABLE_TYPES.join(", ")}`);
  const { sensitive = false } = declared;
  if (typeof sensitive !== "boolean") return refuse("E_FIELD_TYPE", ["sensitive"], "sensitive must be true or false");
  const variable = { name, type, sensitive };
  if (!Object.hasOwn(declared, "default")) return [variable];
  const value = declared.default as Value;
  if (!isOfType(type, value))
    return refuse("E_VARIABLE_TYPE", ["default"], mistyped(variable, value), exampleOf(variable));
  for (const [, at] of references(value)) {
    const why = "its default refers to something, and is written before anything is known";
    return refuse("E_REFERENCE", ["default", ...at.map(String)], why, "$${ writes ${.");
  }
  return [{ ...variable, default: evaluate(value, () => null) }];
}

const isType = (type: Value): type is VariableType => (VARIABLE_TYPES as readonly Value[]).includes(type);

/** What a variable is that says nothing but its default. */
function typeOf(value: Value): VariableType {
  if (isList(value)) return "list";
  if (isObject(value)) return "map";
  return typeof value === "number" ? "number" : typeof value === "boolean" ? "bool" : "string";
}
