import type { Contract, Field, FieldType, Value, ValueObject } from "@guestkit/core/model";

/** `backing_file` -> `backingFile`; an underscore that no letter follows stays. */
export function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** The way back. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** `disk_image` -> `DiskImage`. */
export function pascalCase(name: string): string {
  return camelCase(`_${name}`);
}

/** The class of a resource, the function of a query, unless the contract fixes another name for Pulumi. */
export function exportedName(contract: Contract): string {
  const given = contract.aliases.pulumi?.name;
  if (given) return given;
  return contract.kind === "query" ? `get${pascalCase(contract.name)}` : pascalCase(contract.name);
}

/** The type by which a state knows the contract. */
export function typeToken(contract: Contract): string {
  return `pulumi-nodejs:dynamic/guestkit:${exportedName(contract)}`;
}

type Rename = (name: string) => string;

/** Values with the contract's names from values with Pulumi's. Keys of maps are the user's and stay. */
export function fromPulumi(fields: readonly Field[], value: ValueObject): ValueObject {
  return renameFields(fields, value, camelCase, snakeCase);
}

/** Values with Pulumi's names. What is null is left out, as Pulumi does with what is not there. */
export function toPulumi(fields: readonly Field[], value: ValueObject): ValueObject {
  return renameFields(fields, value, (name) => name, camelCase);
}

/** `known` gives the name by which a declared field is found, `rename` the new name of any key. */
function renameFields(fields: readonly Field[], value: ValueObject, known: Rename, rename: Rename): ValueObject {
  const present = Object.entries(value).filter(([, each]) => each !== null && each !== undefined);
  return Object.fromEntries(
    present.map(([key, each]) => {
      const type = fields.find((field) => known(field.name) === key)?.type;
      return [rename(key), type ? renameValue(type, each, known, rename) : each];
    }),
  );
}

function renameValue(type: FieldType, value: Value, known: Rename, rename: Rename): Value {
  if (typeof value !== "object" || value === null) return value;
  if (type.kind === "list" && Array.isArray(value)) {
    return value.map((each) => renameValue(type.element, each, known, rename));
  }
  if (Array.isArray(value)) return value;
  if (type.kind === "object") return renameFields(type.fields, value as ValueObject, known, rename);
  if (type.kind !== "map") return value;
  const entries = Object.entries(value as ValueObject).filter(([, each]) => each !== undefined);
  return Object.fromEntries(entries.map(([key, each]) => [key, renameValue(type.element, each, known, rename)]));
}

type Path = readonly (string | number)[];

/** A place in a declaration with Pulumi's names; keys of maps stay. */
export function pulumiPath(fields: readonly Field[], path: Path): Path {
  const [first, ...rest] = path;
  if (first === undefined) return [];
  const type = fields.find((field) => field.name === first)?.type;
  return [camelCase(String(first)), ...(type ? inside(type, rest) : rest)];
}

function inside(type: FieldType, path: Path): Path {
  if (type.kind === "object") return pulumiPath(type.fields, path);
  const [first, ...rest] = path;
  if (first === undefined || (type.kind !== "list" && type.kind !== "map")) return path;
  return [first, ...inside(type.element, rest)];
}

/** A message with every field of the contract, and `others`, by its name in Pulumi. */
export function pulumiText(contract: Contract, text: string, others: readonly string[] = []): string {
  const names = new Set([...fieldNames([...contract.input, ...contract.output]), ...others]);
  return text.replace(/\b[a-z0-9]+(?:_[a-z0-9]+)+\b/g, (word) => (names.has(word) ? camelCase(word) : word));
}

function fieldNames(fields: readonly Field[]): string[] {
  return fields.flatMap((field) => [field.name, ...namesWithin(field.type)]);
}

function namesWithin(type: FieldType): string[] {
  if (type.kind === "object") return fieldNames(type.fields);
  return type.kind === "list" || type.kind === "map" ? namesWithin(type.element) : [];
}
