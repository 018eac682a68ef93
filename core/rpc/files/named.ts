import type { EngineFace } from "../../engine/engine-face.ts";
import { asCallerPath, nameElsewhere } from "../../kit/caller-path.ts";
import type { Contract, Field, FieldType } from "../../model/contract.ts";
import { isList, isObject, type Value, type ValueObject } from "../../model/value.ts";

/** Files and folders of the caller's that declarations name in fields of his side, as he calls them. */
export interface Named {
  readonly files: ReadonlySet<string>;
  readonly folders: ReadonlySet<string>;
}

interface Found {
  readonly path: string;
  readonly isFolder: boolean;
}

/** Both ends of a conversation work it out for themselves: the host asks for no more, and the caller gives no more. */
export function namedFiles(
  engine: Pick<EngineFace, "canonical">,
  contract: Contract,
  declared: readonly ValueObject[],
): Named {
  const found = declared.flatMap((each) => within(contract.input, engine.canonical(contract, each)));
  const paths = (isFolder: boolean) => found.filter((each) => each.isFolder === isFolder).map(({ path }) => path);
  return { files: new Set(paths(false)), folders: new Set(paths(true)) };
}

const within = (fields: readonly Field[], value: ValueObject): readonly Found[] =>
  fields.flatMap(({ name, type }) => foundIn(type, value[name] ?? null));

function foundIn(type: FieldType, value: Value): readonly Found[] {
  if (type.kind === "object") return isObject(value) ? within(type.fields, value) : [];
  if (type.kind === "list") return isList(value) ? value.flatMap((each) => foundIn(type.element, each)) : [];
  if (type.kind === "map")
    return isObject(value) ? Object.values(value).flatMap((each) => foundIn(type.element, each)) : [];
  const isPath = type.kind === "path" || type.kind === "string";
  if (!isPath || type.side === undefined || typeof value !== "string") return [];
  const path = nameElsewhere(asCallerPath(value));
  if (path === null) return [];
  const isFolder = type.kind === "path" && type.folder === true;
  return ["", ...(type.beside ?? [])].map((ending) => ({ path: `${path}${ending}`, isFolder }));
}
