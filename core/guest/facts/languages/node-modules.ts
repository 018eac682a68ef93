import type { Tree, TreeNode } from "../../../filesystem/tree.ts";
import type { Known } from "../fact.ts";
import type { Find } from "./find.ts";
import { type LanguagePackage, languagePackage } from "./package.ts";

/** Those of the largest packages have some hundred KiB. */
const LARGEST = 4 << 20;
const MAX_DEPTH = 24;
/** pnpm keeps packages there, `NAME@VERSION/node_modules/NAME`, and makes links to them. */
const STORE = ".pnpm";
/** What holds packages: a scope, or that store, in which a scope's name has a `+` behind it. */
const isGroup = (name: string) => name === STORE || /^@[^+]*$/.test(name);

/** Every package of a node_modules, those in their own node_modules too. What is no package is passed over. */
export async function readNodeModules(
  { tree, warn }: Known,
  { path, node }: Find,
): Promise<readonly LanguagePackage[]> {
  const found: LanguagePackage[] = [];
  const isWhole = await collect(tree, path, node, found, 0);
  if (!isWhole) warn(`${path} has packages in one another that lie deeper than is looked`);
  return found;
}

/** Whether all of it was looked into. */
async function collect(
  tree: Tree,
  folder: string,
  node: TreeNode,
  found: LanguagePackage[],
  depth: number,
): Promise<boolean> {
  if (depth > MAX_DEPTH) return false;
  let isWhole = true;
  for (const child of await tree.children(node)) {
    const path = `${folder}/${child.name}`;
    if (child.type !== null && child.type !== "directory") continue;
    if (child.name.startsWith(".") && child.name !== STORE) continue;
    const more = isGroup(child.name)
      ? await collect(tree, path, child.node, found, depth + 1)
      : await add(tree, path, child.node, found, depth);
    isWhole &&= more;
  }
  return isWhole;
}

async function add(
  tree: Tree,
  folder: string,
  node: TreeNode,
  found: LanguagePackage[],
  depth: number,
): Promise<boolean> {
  const own = await readOne(tree, `${folder}/package.json`);
  if (own) found.push(own);
  const inner = await tree.child(node, new TextEncoder().encode("node_modules"));
  return inner ? await collect(tree, `${folder}/node_modules`, inner, found, depth + 1) : true;
}

async function readOne(tree: Tree, path: string): Promise<LanguagePackage | null> {
  const text = await tree.readText(path, LARGEST);
  if (text === null) return null;
  let told: unknown;
  try {
    told = JSON.parse(text);
  } catch {
    // Tests of packages have files of that name that are none.
    return null;
  }
  if (typeof told !== "object" || told === null) return null;
  const { name, version } = told as { readonly name?: unknown; readonly version?: unknown };
  return typeof name === "string"
    ? languagePackage("npm", name, typeof version === "string" ? version : null, path)
    : null;
}
