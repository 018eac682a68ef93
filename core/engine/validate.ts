import { GuestkitError } from "../kit/errors.ts";
import { parseSize } from "../kit/size.ts";
import type { Field, FieldType } from "../model/contract.ts";
import { formatPath, isList, isObject, UNKNOWN, type Value, type ValueObject } from "../model/value.ts";
import { type Diagnostic, problem } from "./diagnostic.ts";
import type { FieldPath } from "./path.ts";

/** What is wrong with a declaration's shape. Unknown values are taken as right. */
export function validateFields(fields: readonly Field[], given: ValueObject, path: FieldPath = []): Diagnostic[] {
  return [
    ...undeclared(fields, given, path),
    ...fields.flatMap((field) => validateField(field, given, path)),
    ...fields.flatMap((field) => conflicts(field, fields, given, path)),
  ];
}

function undeclared(fields: readonly Field[], given: ValueObject, path: FieldPath): Diagnostic[] {
  const names = fields.map((field) => field.name);
  return Object.keys(given)
    .filter((name) => !names.includes(name))
    .map((name) => {
      const here = [...path, name];
      return problem(
        "E_FIELD_UNKNOWN",
        here,
        `Cannot use ${formatPath(here)}: there is no such field`,
        `Fields here: ${names.join(", ")}`,
      );
    });
}

function validateField(field: Field, given: ValueObject, path: FieldPath): Diagnostic[] {
  const here = [...path, field.name];
  const value = given[field.name] ?? null;
  if (value !== null) return validateType(field.type, value, here);
  if (!field.required) return [];
  return [
    problem("E_FIELD_REQUIRED", here, `Cannot do without ${formatPath(here)}: it is required`, field.description),
  ];
}

function conflicts(field: Field, fields: readonly Field[], given: ValueObject, path: FieldPath): Diagnostic[] {
  // A field at its default is as good as not given: some faces fill defaults in before they hand a declaration over.
  const present = (name: string) => {
    const value = given[name] ?? null;
    return value !== null && value !== fields.find((each) => each.name === name)?.default;
  };
  if (!present(field.name)) return [];
  return (field.conflictsWith ?? []).filter(present).map((other) => {
    const [one, two] = [formatPath([...path, field.name]), formatPath([...path, other])];
    return problem(
      "E_FIELD_CONFLICT",
      [...path, other],
      `Cannot use ${one} and ${two} together: only one may be given`,
      `Remove ${one} or ${two}.`,
    );
  });
}

function validateType(type: FieldType, value: Value, path: FieldPath): Diagnostic[] {
  if (value === UNKNOWN) return [];
  switch (type.kind) {
    case "string":
      return validateString(type, value, path);
    case "path":
      return typeof value === "string" && value !== "" ? [] : [mismatch("a path", value, path)];
    case "boolean":
      return typeof value === "boolean" ? [] : [mismatch("true or false", value, path)];
    case "integer":
      return validateInteger(type, value, path);
    case "number":
      return typeof value === "number" ? [] : [mismatch("a number", value, path)];
    case "size":
      return validateSize(value, path);
    case "list":
      return isList(value) ? validateList(type, value, path) : [mismatch("a list", value, path)];
    case "map":
      return isObject(value)
        ? Object.entries(value).flatMap(([key, each]) => validateElement(type.element, each, [...path, key]))
        : [mismatch("a map", value, path)];
    case "object":
      return isObject(value) ? validateFields(type.fields, value, path) : [mismatch("an object", value, path)];
  }
}

function validateElement(type: FieldType, value: Value, path: FieldPath): Diagnostic[] {
  return value === null ? [mismatch("a value", value, path)] : validateType(type, value, path);
}

function validateString(type: FieldType & { kind: "string" }, value: Value, path: FieldPath): Diagnostic[] {
  if (typeof value !== "string") return [mismatch("text", value, path)];
  if (type.choices && !type.choices.includes(value)) {
    return [
      problem(
        "E_FIELD_CHOICE",
        path,
        `Cannot use ${formatPath(path)} = "${value}": it is none of the known values`,
        `Use one of: ${type.choices.join(", ")}`,
      ),
    ];
  }
  if (type.pattern && !new RegExp(type.pattern).test(value)) {
    return [
      problem(
        "E_FIELD_PATTERN",
        path,
        `Cannot use ${formatPath(path)} = "${value}": it does not match ${type.pattern}`,
      ),
    ];
  }
  return [];
}

function validateInteger(type: FieldType & { kind: "integer" }, value: Value, path: FieldPath): Diagnostic[] {
  if (typeof value !== "number" || !Number.isSafeInteger(value)) return [mismatch("a whole number", value, path)];
  const { minimum = -Infinity, maximum = Infinity } = type;
  if (value >= minimum && value <= maximum) return [];
  return [
    problem(
      "E_FIELD_RANGE",
      path,
      `Cannot use ${formatPath(path)} = ${value}: it must be from ${minimum} to ${maximum}`,
    ),
  ];
}

function validateSize(value: Value, path: FieldPath): Diagnostic[] {
  if (typeof value !== "string" && typeof value !== "number") return [mismatch("a size", value, path)];
  try {
    parseSize(value);
    return [];
  } catch (error) {
    if (!(error instanceof GuestkitError)) throw error;
    return [problem(error.code, path, error.message, error.help)];
  }
}

function validateList(type: FieldType & { kind: "list" }, value: readonly Value[], path: FieldPath): Diagnostic[] {
  return [
    ...value.flatMap((each, index) => validateElement(type.element, each, [...path, index])),
    ...(type.key ? duplicates(type.key, value, path) : []),
  ];
}

function duplicates(key: string, value: readonly Value[], path: FieldPath): Diagnostic[] {
  const keys = value.map((each) => (isObject(each) ? each[key] : undefined));
  return keys.flatMap((each, index) => {
    if (typeof each !== "string" || keys.indexOf(each) === index) return [];
    const here = [...path, index, key];
    return [
      problem(
        "E_FIELD_DUPLICATE",
        here,
        `Cannot use ${formatPath(here)} = "${each}": ${formatPath([...path, keys.indexOf(each)])} has it already`,
      ),
    ];
  });
}

function mismatch(wanted: string, value: Value, path: FieldPath): Diagnostic {
  const found =
    value === null
      ? "null"
      : isList(value)
        ? "a list"
        : typeof value === "object"
          ? "an object"
          : `${JSON.stringify(value)}`;
  return problem("E_FIELD_TYPE", path, `Cannot use ${formatPath(path)}: it must be ${wanted}, not ${found}`);
}
