import type { DirectoryEntry, FileStat, FileSystem } from "../filesystem/filesystem.ts";
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
}

/**
 * Everything below a directory, a directory's worth at a time, sorted by the bytes of their names; a directory comes
 * before what is in it. Mounts are crossed, links are not followed. Throws `E_WALK_LOOP` where a directory is met twice
 * and `E_WALK_NAME` for names that no file can have: both are damage.
 */
export async function* walk(
  tree: Tree,
  start: TreeNode,
  options: { readonly recursive?: boolean } = {},
): AsyncGenerator<readonly WalkEntry[]> {
  const { recursive = true } = options;
  const seen = new SeenDirectories();
  const todo: { node: TreeNode; path: Binary }[] = [{ node: start, path: "" }];
  seen.add(start, "");
  for (let next = todo.pop(); next; next = todo.pop()) {
    const entries = await readDirectory(tree, next.node, next.path);
    if (entries.length > 0) yield entries;
    if (!recursive) return;
    for (const { node, stat, path } of entries.toReversed()) {
      if (stat.type !== "directory") continue;
      seen.add(node, path);
      todo.push({ node, path });
    }
  }
}

async function readDirectory(tree: Tree, node: TreeNode, path: Binary): Promise<WalkEntry[]> {
  const { fs } = node;
  const prefix = path === "" ? "" : `${path}/`;
  const listed: { name: Binary; inode: number }[] = [];
  for await (const batch of fs.entries(node.inode)) {
    for (const entry of batch) listed.push({ name: checkedName(entry, fs, path), inode: entry.inode });
  }
  listed.sort((a, b) => (a.name < b.name ? -1 : 1));
  const mounted = tree.mounts.length > 1;
  const entries: WalkEntry[] = [];
  for (const { name, inode } of listed) {
    const own = { fs, inode };
    const child = mounted ? tree.cross(own) : own;
    entries.push({ node: child, stat: await child.fs.stat(child.inode), name, path: prefix + name });
  }
  return entries;
}

/** A name that holds a slash or NUL, or is `.` or `..`, would lead somewhere else. */
function checkedName({ name }: DirectoryEntry, fs: FileSystem, folder: Binary): Binary {
  const text = toBinary(name);
  if (text !== "" && text !== "." && text !== ".." && !/[/\0]/.test(text)) return text;
  const message = `Cannot list "/${printable(folder)}": it holds the impossible name "${printable(text)}"`;
  throw new GuestkitError("E_WALK_NAME", message, { help: `Check the ${fs.type} file system with its own fsck.` });
}

class SeenDirectories {
  readonly #inodes = new Map<FileSystem, Set<number>>();

  add({ fs, inode }: TreeNode, path: Binary): void {
    const inodes = this.#inodes.get(fs) ?? new Set();
    if (inodes.has(inode)) {
      const message = `Cannot list "/${printable(path)}": its directory ${inode} was met already, the tree has a loop`;
      throw new GuestkitError("E_WALK_LOOP", message, { help: `Check the ${fs.type} file system with its own fsck.` });
    }
    inodes.add(inode);
    this.#inodes.set(fs, inodes);
  }
}
