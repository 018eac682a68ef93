import type { Field, FieldType, Value, ValueObject } from "../../../core/model/index.ts";
import type { Random } from "../random.ts";

/** What a contract's types do not tell of the declarations that are walked. */
export interface Palette {
  readonly contract: string;
  /** Where the walk starts. */
  readonly start: ValueObject;
  /** Values of a field, by its path; `*` is any key or place. Others follow from the types. */
  readonly values: Readonly<Record<string, readonly Value[]>>;
  /** Fields that are not walked, and why. */
  readonly leftOut: Readonly<Record<string, string>>;
  /** Fields that are never left out of a declaration: they keep the walk quick. */
  readonly always: readonly string[];
  /** Fields that are touched more often than others. */
  readonly often: readonly string[];
}

const KEYS = ["a", "b"];
const join = (path: string, name: string) => (path === "" ? name : `${path}.${name}`);
const isWalked = (palette: Palette, path: string) => !(path in palette.leftOut);

/** Paths of fields for which there is no value: a type does not tell one, and the palette neither. */
export function unpainted(fields: readonly Field[], palette: Palette, path = ""): readonly string[] {
  return fields.flatMap((field) => {
    const here = join(path, field.name);
    return here in palette.leftOut || here in palette.values ? [] : unpaintedType(field.type, palette, here);
  });
}

function unpaintedType(type: FieldType, palette: Palette, path: string): readonly string[] {
  if (path in palette.values) return [];
  if (type.kind === "object") return unpainted(type.fields, palette, path);
  if (type.kind === "list" || type.kind === "map") return unpaintedType(type.element, palette, `${path}.*`);
  return type.kind === "boolean" || (type.kind === "string" && type.choices) ? [] : [path];
}

/** Any value of a type. */
export function paint(type: FieldType, path: string, palette: Palette, random: Random): Value {
  const known = palette.values[path];
  if (known) return random.pick(known);
  switch (type.kind) {
    case "boolean":
      return random.below(2) === 0;
    case "string":
      return random.pick(type.choices ?? []);
    case "object":
      return objectOf(type.fields, path, palette, random);
    case "map":
      return Object.fromEntries(
        some(KEYS, random).map((key) => [key, paint(type.element, `${path}.*`, palette, random)]),
      );
    case "list":
      return distinct(type, listOf(type.element, path, palette, random));
    default:
      throw new Error(`no value for ${path}`);
  }
}

function objectOf(fields: readonly Field[], path: string, palette: Palette, random: Random): ValueObject {
  const chosen = walked(fields, path, palette).filter(({ required }) => required || random.below(3) === 0);
  return Object.fromEntries(chosen.map(({ name, type }) => [name, paint(type, join(path, name), palette, random)]));
}

const listOf = (element: FieldType, path: string, palette: Palette, random: Random) =>
  some(KEYS, random).map(() => paint(element, `${path}.*`, palette, random));

/** Elements that are told apart by a key have each another one. */
function distinct({ key }: FieldType & { kind: "list" }, list: readonly Value[]): readonly Value[] {
  const keyOf = (value: Value) => (value as ValueObject)[key as string];
  return key === undefined
    ? list
    : list.filter((each, at) => list.findIndex((other) => keyOf(other) === keyOf(each)) === at);
}

const some = <T>(list: readonly T[], random: Random): readonly T[] => list.filter(() => random.below(2) === 0);

const walked = (fields: readonly Field[], path: string, palette: Palette) =>
  fields.filter(({ name }) => isWalked(palette, join(path, name)));

/** The declaration with one field changed, at any depth, or left out. */
export function mutate(
  fields: readonly Field[],
  value: ValueObject,
  palette: Palette,
  random: Random,
  path = "",
): ValueObject {
  const names = walked(fields, path, palette);
  if (names.length === 0) return value;
  const often = path === "" && random.below(2) === 0 ? names.filter(({ name }) => palette.often.includes(name)) : names;
  const { name, type, required } = random.pick(often.length > 0 ? often : names);
  const here = join(path, name);
  const { [name]: before = null, ...others } = value;
  const stays = required || palette.always.includes(here);
  if (!stays && before !== null && random.below(4) === 0) return others;
  return { ...others, [name]: changed(type, before, here, palette, random) };
}

function changed(type: FieldType, before: Value, path: string, palette: Palette, random: Random): Value {
  if (before === null || path in palette.values || random.below(3) === 0) return paint(type, path, palette, random);
  if (type.kind === "object") return mutate(type.fields, before as ValueObject, palette, random, path);
  const keys = type.kind === "map" ? Object.keys(before as ValueObject) : [];
  if (type.kind !== "map" || keys.length === 0) return paint(type, path, palette, random);
  const key = random.pick(keys);
  const each = (before as ValueObject)[key] ?? null;
  return { ...(before as ValueObject), [key]: changed(type.element, each, `${path}.*`, palette, random) };
}
