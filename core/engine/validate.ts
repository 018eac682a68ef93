import { holdsLogin } from "../kit/address.ts";
import { GuestkitError } from "../kit/errors.ts";
import { excerpt, pathFault } from "../kit/name.ts";
import { suggestion } from "../kit/nearest.ts";
import { formatSize, parseSize } from "../kit/size.ts";
import type { Field, FieldType, SizeRule } from "../model/contract.ts";
import { formatPath, isList, isObject, UNKNOWN, type Value, type ValueObject } from "../model/value.ts";
import { type Diagnostic, problem } from "./diagnostic.ts";
import { lengthFault } from "./length.ts";
import { keyOf } from "./normalise.ts";
import type { FieldPath } from "./path.ts";
import { placeFault } from "./spelling.ts";

/** Where a value stands, and whether it is, or is within, a secret that no message may repeat. */
interface Spot {
  readonly path: FieldPath;
  readonly secret: boolean;
  /** What the field is for, where that helps. */
  readonly about?: string;
}

/** What is wrong with a declaration's shape. Unknown values are taken as right. */
export function validateFields(fields: readonly Field[], given: ValueObject, path: FieldPath = []): Diagnostic[] {
  return validateObject(fields, given, { path, secret: false });
}

function validateObject(fields: readonly Field[], given: ValueObject, spot: Spot): Diagnostic[] {
  return [
    ...undeclared(fields, given, spot.path),
    ...fields.flatMap((field) => validateField(field, given, spot)),
    ...fields.flatMap((field) => conflicts(field, fields, given, spot.path)),
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
        `Cannot use ${excerpt(formatPath(here))}: there is no such field`,
        `${suggestion(name, names)}Fields here: ${names.join(", ")}`,
      );
    });
}

function validateField(field: Field, given: ValueObject, { path, secret }: Spot): Diagnostic[] {
  const here = [...path, field.name];
  const value = given[field.name] ?? null;
  const isSecret = secret || field.sensitive === true || field.writeOnly === true;
  if (value !== null)
    return validateType(field.type, value, { path: here, secret: isSecret, about: field.description });
  if (!field.required) return [];
  return [
    problem("E_FIELD_REQUIRED", here, `Cannot do without ${formatPath(here)}: it is required`, field.description),
  ];
}

function conflicts(field: Field, fields: readonly Field[], given: ValueObject, path: FieldPath): Diagnostic[] {
  // A field at its default is as good as not given: some faces fill defaults in before they hand a declaration over. One that
  // is not known yet may become null: each variable of a Terraform module is unknown to terraform validate.
  const present = (name: string) => {
    const value = given[name] ?? null;
    return value !== null && value !== UNKNOWN && value !== fields.find((each) => each.name === name)?.default;
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

function validateType(type: FieldType, value: Value, spot: Spot): Diagnostic[] {
  if (value === UNKNOWN) return [];
  switch (type.kind) {
    case "string":
      return validateString(type, value, spot);
    case "path":
      return validatePath(value, spot);
    case "boolean":
      return typeof value === "boolean" ? [] : [mismatch("true or false", value, spot)];
    case "integer":
      return validateInteger(type, value, spot);
    case "number":
      return Number.isFinite(value) ? [] : [mismatch("a number", value, spot)];
    case "size":
      return validateSize(type, value, spot);
    case "list":
      return isList(value) ? validateList(type, value, spot) : [mismatch("a list", value, spot)];
    case "map":
      return isObject(value)
        ? Object.entries(value).flatMap(([key, each]) => validateElement(type.element, each, below(spot, key)))
        : [mismatch("a map", value, spot)];
    case "object":
      return isObject(value) ? validateObject(type.fields, value, spot) : [mismatch("an object", value, spot)];
  }
}

const below = ({ path, ...rest }: Spot, step: string | number): Spot => ({ ...rest, path: [...path, step] });

function validateElement(type: FieldType, value: Value, spot: Spot): Diagnostic[] {
  return value === null ? [mismatch("a value", value, spot)] : validateType(type, value, spot);
}

function validatePath(value: Value, spot: Spot): Diagnostic[] {
  if (typeof value !== "string" || value === "") return [mismatch("a path", value, spot)];
  const why = pathFault(value);
  if (why === null) return [];
  return [problem("E_FIELD_PATH", spot.path, `Cannot use ${formatPath(spot.path)}: ${why}`, "Name another path.")];
}

function validateString(type: FieldType & { kind: "string" }, value: Value, spot: Spot): Diagnostic[] {
  if (typeof value !== "string") return [mismatch("text", value, spot)];
  const { path } = spot;
  const named = `Cannot use ${formatPath(path)}`;
  if (type.address && holdsLogin(value)) {
    const why = "there is a name or password in the address, which records, logs and other users would see";
    return [problem("E_ADDRESS_LOGIN", path, `${named}: ${why}`, type.address.help)];
  }
  const [length] = lengthFault(type.length ?? {}, value.length, "characters", path, spot.about);
  if (length) return [length];
  const shown = spot.secret ? named : `${named} = "${excerpt(value)}"`;
  if (type.choices && !type.choices.includes(value)) {
    const help = `${spot.secret ? "" : suggestion(value, type.choices)}Use one of: ${type.choices.join(", ")}`;
    return [problem("E_FIELD_CHOICE", path, `${shown}: it is none of the known values`, help)];
  }
  const why = type.form ? placeFault(type.form, value) : null;
  if (why !== null) return [problem("E_FIELD_PATH", path, `${named}: ${why}`, "Name another path.")];
  if (type.pattern && !new RegExp(type.pattern).test(value)) {
    return [problem("E_FIELD_PATTERN", path, `${shown}: it must be ${type.wording}`, spot.about)];
  }
  return [];
}

function validateInteger(type: FieldType & { kind: "integer" }, value: Value, spot: Spot): Diagnostic[] {
  if (typeof value !== "number" || !Number.isSafeInteger(value)) return [mismatch("a whole number", value, spot)];
  const { minimum = -Infinity, maximum = Infinity } = type;
  if (value >= minimum && value <= maximum) return [];
  return [
    problem(
      "E_FIELD_RANGE",
      spot.path,
      `Cannot use ${formatPath(spot.path)} = ${value}: it must be from ${minimum} to ${maximum}`,
      spot.about,
    ),
  ];
}

function validateSize(rule: SizeRule, value: Value, spot: Spot): Diagnostic[] {
  if (typeof value !== "string" && typeof value !== "number") return [mismatch("a size", value, spot)];
  try {
    return misfit(rule, value, parseSize(value), spot);
  } catch (error) {
    if (!(error instanceof GuestkitError)) throw error;
    return [problem(error.code, spot.path, error.message, error.help)];
  }
}

/** A number without a unit is bytes: who writes 2048 for a memory means MiB. */
function misfit(rule: SizeRule, value: string | number, bytes: number, { path }: Spot): Diagnostic[] {
  const { minimum = 0, bareMinimum = 0, multiple = 1 } = rule;
  const named = `Cannot use ${formatPath(path)} = ${value}`;
  if (bytes < bareMinimum && /^[\d.]+$/.test(String(value).trim())) {
    const message = `${named}: a number without a unit is bytes, and these are too few`;
    return [problem("E_SIZE_UNIT", path, message, meant(bytes))];
  }
  if (bytes < minimum) {
    return [problem("E_SIZE_SMALL", path, `${named}: it must be ${formatSize(minimum)} or more`, meant(0))];
  }
  if (bytes % multiple === 0) return [];
  const near = Math.ceil(bytes / multiple) * multiple;
  return [problem("E_SIZE_ALIGNMENT", path, `${named}: it is no multiple of ${multiple} bytes`, `Use ${near}.`)];
}

function meant(number: number): string {
  if (number === 0) return "Write it with its unit: 512M, 2G.";
  return number < 128
    ? `Write ${number}G where GiB are meant, ${number}M for MiB.`
    : `Write ${number}M where MiB are meant.`;
}

function validateList(type: FieldType & { kind: "list" }, value: readonly Value[], spot: Spot): Diagnostic[] {
  return [
    ...lengthFault(type.length ?? {}, value.length, "elements", spot.path, spot.about),
    ...value.flatMap((each, index) => validateElement(type.element, each, below(spot, index))),
    ...(type.key ? duplicates(type, type.key, value, spot.path) : []),
  ];
}

function duplicates(
  type: FieldType & { kind: "list" },
  key: string,
  value: readonly Value[],
  path: FieldPath,
): Diagnostic[] {
  const keys = value.map((each) => (isObject(each) ? keyOf(type, each) : undefined));
  return keys.flatMap((each, index) => {
    if (typeof each !== "string" || keys.indexOf(each) === index) return [];
    const here = [...path, index, key];
    return [
      problem(
        "E_FIELD_DUPLICATE",
        here,
        `Cannot use ${formatPath(here)} = "${excerpt(each)}": ${formatPath([...path, keys.indexOf(each)])} has it already`,
        `Give it another ${key}, or leave one of the two out.`,
      ),
    ];
  });
}

function mismatch(wanted: string, value: Value, { path, secret, about }: Spot): Diagnostic {
  const found =
    value === null
      ? "null"
      : isList(value)
        ? "a list"
        : typeof value === "object"
          ? "an object"
          : secret
            ? `a ${typeof value}`
            : excerpt(String(JSON.stringify(value)));
  return problem("E_FIELD_TYPE", path, `Cannot use ${formatPath(path)}: it must be ${wanted}, not ${found}`, about);
}
