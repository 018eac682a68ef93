import type { Child, Tree, TreeNode } from "../../../filesystem/tree.ts";
import { nameIn } from "../../../kit/path.ts";
import { UNIT_FOLDERS } from "../../unit-file.ts";
import { templateOf } from "./unit-name.ts";

/** Folders whose links pull a unit in when another one starts. */
const PULLED_IN = /^(.+)\.(?:wants|requires|upholds)$/;

/** A folder of units, listed once. */
export interface UnitFolder {
  readonly path: string;
  readonly node: TreeNode;
  readonly children: ReadonlyMap<string, Child>;
  /** Names of links here, by the last part of what they lead to. */
  readonly links: ReadonlyMap<string, readonly string[]>;
  /** Names of links in `.wants` and its like, by the unit and by its template: `getty@tty1.service` under both. */
  readonly pulled: ReadonlyMap<string, readonly Pulled[]>;
}

interface Pulled {
  readonly name: string;
  /** What pulls it in: `multi-user.target`. */
  readonly by: string;
}

/** The folders that are there; `/lib` is one of its own only where it is no link. */
export async function readUnitFolders(tree: Tree): Promise<readonly UnitFolder[]> {
  const isMerged = (await tree.readLink("/lib")) !== null;
  const found: UnitFolder[] = [];
  for (const path of UNIT_FOLDERS) {
    const node = isMerged && path.startsWith("/lib/") ? null : await tree.resolve(path);
    if (node) found.push(await readFolder(tree, path, node));
  }
  return found;
}

async function readFolder(tree: Tree, path: string, node: TreeNode): Promise<UnitFolder> {
  const children = new Map<string, Child>();
  const links = new Map<string, string[]>();
  const pulled = new Map<string, Pulled[]>();
  for (const found of await tree.children(node)) {
    const child = await withType(found);
    children.set(child.name, child);
    const by = PULLED_IN.exec(child.name)?.[1];
    if (child.type === "symlink") push(links, nameIn((await tree.readLink(child.node)) ?? ""), child.name);
    else if (child.type === "directory" && by !== undefined) await readPulled(tree, child.node, by, pulled);
  }
  return { path, node, children, links, pulled };
}

async function readPulled(tree: Tree, node: TreeNode, by: string, pulled: Map<string, Pulled[]>): Promise<void> {
  for (const child of await tree.children(node)) {
    const { name, type } = await withType(child);
    if (type !== "symlink") continue;
    const template = templateOf(name);
    push(pulled, name, { name, by });
    if (template !== null) push(pulled, template, { name, by });
  }
}

async function withType(child: Child): Promise<Child> {
  if (child.type !== null) return child;
  return { ...child, type: (await child.node.fs.stat(child.node.inode)).type };
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const known = map.get(key);
  if (known) known.push(value);
  else map.set(key, [value]);
}
