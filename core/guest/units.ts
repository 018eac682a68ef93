import type { Child, Tree, TreeNode } from "../filesystem/tree.ts";
import { nameIn } from "../kit/path.ts";

/** What an administrator enabled in systemd. */
export interface Units {
  /** `graphical.target`; null where nothing is set. */
  readonly default_target: string | null;
  readonly enabled: readonly EnabledUnit[];
  /** Units linked to /dev/null, and empty files. */
  readonly masked: readonly string[];
}

export interface EnabledUnit {
  readonly name: string;
  /** Units that pull it in: `multi-user.target`. */
  readonly wanted_by: readonly string[];
}

const ETC = "/etc/systemd/system";
const VENDOR = ["/usr/lib/systemd/system", "/lib/systemd/system"];
const UNIT = /\.(?:service|socket|target|device|mount|automount|swap|timer|path|slice|scope)$/;
const PULLED_IN = /^(.+)\.(?:wants|requires|upholds)$/;

/** Enabled units: links in /etc/systemd/system's `.wants`, `.requires` and `.upholds` folders (systemd.unit(5)). */
export async function readUnits(tree: Tree): Promise<Units> {
  const found = await tree.children(ETC);
  const wanted = new Map<string, string[]>();
  for (const { name, node } of found) {
    const by = PULLED_IN.exec(name)?.[1];
    if (!by) continue;
    for (const unit of await unitsIn(tree, node, `${ETC}/${name}`)) {
      const others = wanted.get(unit);
      if (others) others.push(by);
      else wanted.set(unit, [by]);
    }
  }
  return {
    default_target: await defaultTarget(tree),
    enabled: [...wanted].map(([name, by]) => ({ name, wanted_by: by })).sort((a, b) => (a.name < b.name ? -1 : 1)),
    masked: await masked(tree, found),
  };
}

async function defaultTarget(tree: Tree): Promise<string | null> {
  for (const folder of [ETC, ...VENDOR]) {
    const target = await tree.readLink(`${folder}/default.target`);
    if (target) return nameIn(target);
  }
  return null;
}

/** Names below a folder; one that is a link to a folder counts as well. */
async function unitsIn(tree: Tree, node: TreeNode, path: string): Promise<readonly string[]> {
  const { type } = await node.fs.stat(node.inode);
  if (type === "symlink") return await tree.names(path);
  return (await tree.children(node)).map(({ name }) => name);
}

async function masked(tree: Tree, units: readonly Child[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { name, node, type } of units) {
    if (!UNIT.test(name) || type === "directory") continue;
    const link = await tree.readLink(node);
    const isNone = link === null ? await isEmpty(node) : isMask(link.startsWith("/") ? link : `${ETC}/${link}`);
    if (isNone) found.push(name);
  }
  return found;
}

async function isEmpty({ fs, inode }: TreeNode): Promise<boolean> {
  const { type, size } = await fs.stat(inode);
  return type === "file" && size === 0;
}

/** Whether an absolute path leads to /dev/null, by its names alone: an image has no devices. */
export function isMask(path: string): boolean {
  const names: string[] = [];
  for (const name of path.split("/")) {
    if (name === "..") names.pop();
    else if (name !== "" && name !== ".") names.push(name);
  }
  return names.join("/") === "dev/null";
}
