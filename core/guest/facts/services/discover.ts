import type { Tree, TreeNode } from "../../../filesystem/tree.ts";
import { folderIn, nameIn } from "../../../kit/path.ts";
import { isMask } from "../../units.ts";
import { type Install, installOf, installReader } from "./install.ts";
import type { UnitFolder } from "./unit-folders.ts";
import { instanceIn, instanceOf, isTemplate, mayAlias, templateOf } from "./unit-name.ts";

/** A unit behind a name, links followed. */
export interface Unit {
  /** Its own name, where it was asked for by another one. */
  readonly name: string;
  /** The file that says what it is. */
  readonly path: string;
  /** Null where it is masked. */
  readonly install: Install | null;
}

/** Where units are looked for, and how. */
export interface UnitSearch {
  readonly tree: Tree;
  readonly folders: readonly UnitFolder[];
  readonly reader: ReturnType<typeof installReader>;
  /** Where links lead, and which folders are searched, by their paths: long rows of links share theirs. */
  readonly links: Map<string, string | null>;
  readonly searched: Map<string, boolean>;
}

export const unitSearch = (tree: Tree, folders: readonly UnitFolder[]): UnitSearch => ({
  ...{ tree, folders, reader: installReader(tree, folders) },
  ...{ links: new Map(), searched: new Map() },
});

/** Links that are followed of one name (UNIT_FILE_FOLLOW_SYMLINK_MAX). */
const MAX_LINKS = 64;

/** The unit of a name; null where nothing of that name can be loaded (install.c, install_info_traverse). */
export async function discover(search: UnitSearch, name: string): Promise<Unit | null> {
  let own = name;
  let path = pathOf(search.folders, own);
  for (let links = 0; path !== null && links <= MAX_LINKS; links++) {
    const target = await linkOf(search, path);
    if (target === null) return await load(search, own, path);
    const next: string = target.startsWith("/") ? target : `${folderIn(path)}/${target}`;
    if (isMask(next)) return { name: own, path, install: null };
    if (!(await isSearched(search, folderIn(next)))) path = next;
    else if (!mayAlias(nameIn(path), nameIn(next))) return null;
    else if (instanceName(own, nameIn(next)) === own) path = next;
    else [own, path] = otherName(search.folders, own, nameIn(next));
  }
  return null;
}

/** The first folder's file of a name, or of the template whose instance it is. */
export function pathOf(folders: readonly UnitFolder[], name: string): string | null {
  for (const each of [name, templateOf(name)]) {
    const folder = each === null ? undefined : folders.find(({ children }) => children.has(each));
    if (folder) return `${folder.path}/${each}`;
  }
  return null;
}

/** What an instance is called by the template that a link leads to; other names as they are. */
const instanceName = (name: string, target: string) =>
  templateOf(name) !== null && isTemplate(target) ? instanceOf(target, instanceIn(name)) : target;

function otherName(folders: readonly UnitFolder[], name: string, target: string): [string, string | null] {
  const other = instanceName(name, target);
  return [other, pathOf(folders, other)];
}

async function linkOf({ tree, links }: UnitSearch, path: string): Promise<string | null> {
  const known = links.get(path);
  if (known !== undefined) return known;
  const target = await tree.readLink(path);
  links.set(path, target);
  return target;
}

async function isSearched({ tree, folders, searched }: UnitSearch, folder: string): Promise<boolean> {
  const known = searched.get(folder);
  if (known !== undefined) return known;
  const node = await tree.resolve(folder);
  const isOne = node !== null && folders.some((each) => isSame(each.node, node));
  searched.set(folder, isOne);
  return isOne;
}

const isSame = (one: TreeNode, other: TreeNode) => one.fs === other.fs && one.inode === other.inode;

async function load({ tree, reader }: UnitSearch, name: string, path: string): Promise<Unit | null> {
  if ((await tree.stat(path))?.type !== "file") return null;
  const lines = await reader.file(path);
  if (lines === null) return { name, path, install: null };
  return { name, path, install: installOf(name, [...lines, ...(await reader.dropIns(name))]) };
}
