import type { EngineFace } from "../../engine/engine-face.ts";
import { mapSided } from "../../engine/observed-side.ts";
import { asCallerPath, isElsewhere, nameElsewhere } from "../../kit/caller-path.ts";
import type { Contract, Field, FieldType } from "../../model/contract.ts";
import { isList, isObject, type Value, type ValueObject } from "../../model/value.ts";

/** Files and folders of the caller's that declarations name in fields of his side, as he calls them. */
export interface Named {
  readonly files: ReadonlySet<string>;
  readonly folders: ReadonlySet<string>;
}

export interface NamedFile {
  readonly path: string;
  readonly isFolder: boolean;
}

/**
 * Both ends of a conversation work it out for themselves: the host asks for no more, and the caller gives no more. What is
 * written `caller:/PATH` already is the host's word (as-told.ts), and names nothing.
 */
export function namedFiles(
  engine: Pick<EngineFace, "canonical">,
  contract: Contract,
  declared: readonly ValueObject[],
): Named {
  const found = declared.flatMap((each) =>
    within(contract.input, engine.canonical(contract, mapSided(contract.input, each, ownWord))),
  );
  const paths = (isFolder: boolean) => found.filter((each) => each.isFolder === isFolder).map(({ path }) => path);
  return { files: new Set(paths(false)), folders: new Set(paths(true)) };
}

const ownWord = (value: Value): Value => (typeof value === "string" && isElsewhere(value) ? null : value);

const within = (fields: readonly Field[], value: ValueObject): readonly NamedFile[] =>
  fields.flatMap(({ name, type }) => foundIn(type, value[name] ?? null));

function foundIn(type: FieldType, value: Value): readonly NamedFile[] {
  if (type.kind === "object") return isObject(value) ? within(type.fields, value) : [];
  if (type.kind === "list") return isList(value) ? value.flatMap((each) => foundIn(type.element, each)) : [];
  if (type.kind === "map")
    return isObject(value) ? Object.values(value).flatMap((each) => foundIn(type.element, each)) : [];
  return filesOf(type, value);
}

/** What a text in canonical form names: a file with those beside it, or a folder. */
export function filesOf(type: FieldType, value: Value): readonly NamedFile[] {
  const isPath = type.kind === "path" || type.kind === "string";
  if (!isPath || type.side === undefined || typeof value !== "string") return [];
  const path = nameElsewhere(asCallerPath(value));
  if (path === null) return [];
  const isFolder = type.kind === "path" && type.folder === true;
  return ["", ...(type.beside ?? [])].map((ending) => ({ path: `${path}${ending}`, isFolder }));
}
