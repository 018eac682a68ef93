import type { Child, Tree, TreeNode } from "../../../filesystem/tree.ts";
import type { User } from "../../accounts.ts";

/** Where packages of languages are put. */
const ROOTS = ["/usr", "/opt", "/srv", "/app", "/var/www", "/var/lib/gems", "/var/lib/snapd/snap"];
/** Large, and nothing of the kind is in them. */
const PASSED = new Set(
  ["doc", "man", "locale", "zoneinfo", "icons", "fonts", "info", "i18n"]
    .map((name) => `/usr/share/${name}`)
    .concat(["/usr/src", "/usr/include", "/usr/lib/modules", "/usr/lib/firmware", "/usr/lib/locale"]),
);
/** Where programs lie. */
const PROGRAMS = /(?:^|\/)(?:s?bin|libexec)$|\/libexec\/[^/]+$|^\/opt\/[^/]+$/;
const MAX_DEPTH = 24;

/** Something that tells of packages. */
export interface Find {
  readonly kind: "python" | "node" | "gems" | "program" | "jar";
  readonly path: string;
  readonly node: TreeNode;
  readonly isFolder: boolean;
}

/** Links are not followed: what they lead to is met where it lies. */
export async function* findLanguages(
  tree: Tree,
  users: readonly User[],
  warn: (text: string) => void,
): AsyncGenerator<Find> {
  const homes = users.filter(({ uid }) => uid === 0 || uid >= 1000).map(({ home }) => `${home}/.local`);
  // Those of services lie below what is looked through anyway.
  const further = homes.filter((home) => !ROOTS.some((root) => home.startsWith(`${root}/`)));
  let warned = false;
  const warnOnce = (folder: string) => {
    if (!warned) warn(`packages of languages are not looked for in ${folder} and whatever lies as deep`);
    warned = true;
  };
  for (const root of new Set([...ROOTS, ...further])) {
    const node = await tree.resolve(root, { follow: false });
    if (node) yield* below(tree, root, node, warnOnce);
  }
}

type Deep = (folder: string) => void;

async function* below(tree: Tree, folder: string, node: TreeNode, deep: Deep, depth = 0): AsyncGenerator<Find> {
  if (PASSED.has(folder)) return;
  if (depth > MAX_DEPTH) return deep(folder);
  const hasPrograms = PROGRAMS.test(folder);
  for (const child of await tree.children(node)) {
    const path = `${folder}/${child.name}`;
    const isFolder = await isDirectory(child);
    const kind = isFolder === null ? null : kindOf(folder, child.name, isFolder, hasPrograms);
    if (kind) yield { kind, path, node: child.node, isFolder: isFolder === true };
    else if (isFolder) yield* below(tree, path, child.node, deep, depth + 1);
  }
}

/** Null for what is neither a folder nor a file. */
async function isDirectory({ node, type }: Child): Promise<boolean | null> {
  const known = type ?? (await node.fs.stat(node.inode)).type;
  return known === "directory" ? true : known === "file" ? false : null;
}

function kindOf(folder: string, name: string, isFolder: boolean, hasPrograms: boolean): Find["kind"] | null {
  if (name.endsWith(".egg-info") || (isFolder && name.endsWith(".dist-info"))) return "python";
  if (isFolder) {
    if (name === "node_modules" || (folder === "/usr/share" && name === "nodejs")) return "node";
    return name === "specifications" ? "gems" : null;
  }
  if (/\.[jwe]ar$/.test(name)) return "jar";
  return hasPrograms ? "program" : null;
}
