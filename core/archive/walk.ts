import type { FileStat, FileSystem } from "../filesystem/filesystem.ts";
import type { Tree, TreeNode } from "../filesystem/tree.ts";
import { GuestkitError } from "../kit/errors.ts";
import { printable } from "../kit/name.ts";
import { type Binary, toBinary } from "./binary.ts";

/** A file met on a walk. */
export interface WalkEntry {
  readonly node: TreeNode;
  readonly stat: FileStat;
  /** Raw bytes of its name. */
  readonly name: Binary;
  /** Raw bytes of its path below the start: `etc/passwd`. */
  readonly path: Binary;
  /** No file can have this name: it holds a slash or NUL, or is `.` or `..`. Whoever follows it ends somewhere else. */
  readonly impossible: boolean;
}

/**
 * Everything below a directory in batches, sorted by the bytes of the names; a directory is the last of its batch and
 * what is in it comes next. Mounts are crossed; links, and directories with impossible names, are not followed. Throws
 * `E_WALK_LOOP` where a directory is met twice: that is damage, or how mkfs.btrfs --rootdir copied several mounts.
 */
export async function* walk(
  tree: Tree,
  start: TreeNode,
  options: { readonly recursive?: boolean } = {},
): AsyncGenerator<readonly WalkEntry[]> {
  const entries = await readDirectory(tree, start, "");
  if (options.recursive === false) {
    if (entries.length > 0) yield entries;
    return;
  }
  const seen = new SeenDirectories();
  seen.add(start, "");
  const open = [{ entries, at: 0 }];
  for (let here = open.at(-1); here; here = open.at(-1)) {
    const from = here.at;
    here.at = endOfBatch(here.entries, from);
    if (here.at > from) yield here.entries.slice(from, here.at);
    const last = here.at > from ? here.entries[here.at - 1] : undefined;
    if (here.at === here.entries.length) open.pop();
    if (!last || !leadsOn(last)) continue;
    seen.add(last.node, last.path);
    open.push({ entries: await readDirectory(tree, last.node, last.path), at: 0 });
  }
}

/** Past the next directory, or past the last entry. */
function endOfBatch(entries: readonly WalkEntry[], from: number): number {
  for (let index = from; index < entries.length; index++) {
    if (leadsOn(entries[index] as WalkEntry)) return index + 1;
  }
  return entries.length;
}

function leadsOn({ stat, impossible }: WalkEntry): boolean {
  return stat.type === "directory" && !impossible;
}

async function readDirectory(tree: Tree, node: TreeNode, path: Binary): Promise<WalkEntry[]> {
  const { fs } = node;
  const prefix = path === "" ? "" : `${path}/`;
  const listed: { name: Binary; inode: number }[] = [];
  for await (const batch of fs.entries(node.inode)) {
    for (const entry of batch) listed.push({ name: toBinary(entry.name), inode: entry.inode });
  }
  listed.sort((a, b) => (a.name < b.name ? -1 : 1));
  const crosses = tree.mounts.length > 1 || fs.nested !== undefined;
  const entries: WalkEntry[] = [];
  for (const { name, inode } of listed) {
    const own = { fs, inode };
    const child = crosses ? tree.cross(own) : own;
    const found = child.fs.stat(child.inode);
    const stat = found instanceof Promise ? await found : found;
    entries.push({ node: child, stat, name, path: prefix + name, impossible: isImpossible(name) });
  }
  return entries;
}

function isImpossible(name: Binary): boolean {
  return name === "" || name === "." || name === ".." || name.includes("/") || name.includes("\0");
}

class SeenDirectories {
  readonly #inodes = new Map<FileSystem, Set<number>>();

  add({ fs, inode }: TreeNode, path: Binary): void {
    const inodes = this.#inodes.get(fs) ?? new Set();
    if (inodes.has(inode)) {
      const what = `directory ${inode} was met already: it has two parents, or the tree has a loop`;
      const message = `Cannot list "/${printable(path)}": ${what}`;
      const help = `Name a folder below which it is met once, or check the ${fs.type} file system with its own fsck.`;
      throw new GuestkitError("E_WALK_LOOP", message, { at: { file: `/${printable(path)}` }, help });
    }
    inodes.add(inode);
    this.#inodes.set(fs, inodes);
  }
}
