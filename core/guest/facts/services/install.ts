import type { Tree } from "../../../filesystem/tree.ts";
import { parseUnitLines } from "../../unit-file.ts";
import type { UnitFolder } from "./unit-folders.ts";
import { hasAliases, templateOf } from "./unit-name.ts";

/** What `[Install]` of a unit and of its drop-ins says. */
export interface Install {
  readonly aliases: ReadonlySet<string>;
  /** It can be enabled. */
  readonly hasRules: boolean;
  /** Enabling it enables others. */
  readonly hasAlso: boolean;
  readonly defaultInstance: string | null;
}

type Line = readonly [key: string, value: string];

/** Reads `[Install]` sections, those of a file once: many instances may have one template. */
export function installReader(tree: Tree, folders: readonly UnitFolder[]) {
  const known = new Map<string, Promise<readonly Line[] | null>>();
  const linesOf = (path: string) => {
    const lines = known.get(path) ?? readLines(tree, path);
    known.set(path, lines);
    return lines;
  };
  return {
    /** Null where the file says nothing at all: then the unit is masked. */
    file: linesOf,
    /** Those of a unit's drop-ins: `NAME.d`, and `TEMPLATE.d` of an instance. */
    async dropIns(name: string): Promise<readonly Line[]> {
      const lines: Line[] = [];
      for (const path of await dropIns(tree, folders, name)) {
        const own = (await linesOf(path)) ?? [];
        tree.budget.spend("entries", 1 + own.length, path);
        for (const line of own) lines.push(line);
      }
      return lines;
    },
  };
}

async function readLines(tree: Tree, path: string): Promise<readonly Line[] | null> {
  const text = (await tree.readText(path)) ?? "";
  if (text === "") return null;
  return parseUnitLines(text).flatMap(([section, key, value]) =>
    section === "Install" ? [[key, value] as const] : [],
  );
}

/** By their names, whatever folder they lie in; of one name the first folder's counts. */
async function dropIns(tree: Tree, folders: readonly UnitFolder[], name: string): Promise<readonly string[]> {
  const found = new Map<string, string>();
  for (const unit of [name, templateOf(name)]) {
    for (const { path, children } of folders) {
      const node = unit === null ? undefined : children.get(`${unit}.d`)?.node;
      for (const child of node ? await tree.children(node) : [])
        if (child.name.endsWith(".conf") && !found.has(child.name))
          found.set(child.name, `${path}/${unit}.d/${child.name}`);
    }
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, path]) => path);
}

/** Lists grow, and an empty value takes away what stood before it. `name` is the unit's: of some types none has aliases. */
export function installOf(name: string, lines: readonly Line[]): Install {
  const lists = new Map<string, string[]>();
  let instance: string | null = null;
  for (const [key, value] of lines) {
    if (key === "Alias" && !hasAliases(name)) continue;
    if (key === "DefaultInstance") instance = value;
    const list = value === "" ? [] : (lists.get(key) ?? []);
    for (const word of value.split(/\s+/)) if (word !== "") list.push(word.replace(/^(["'])(.*)\1$/, "$2"));
    lists.set(key, list);
  }
  const has = (key: string) => (lists.get(key)?.length ?? 0) > 0;
  return {
    aliases: new Set(lists.get("Alias")),
    hasRules: ["Alias", "WantedBy", "RequiredBy", "UpheldBy"].some(has),
    hasAlso: has("Also"),
    defaultInstance: instance || null,
  };
}
