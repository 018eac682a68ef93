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
  const first = await openDirectory(start, "");
  if (options.recursive === false) {
    const entries = await readEntries(tree, first, Number.POSITIVE_INFINITY, false);
    if (entries.length > 0) yield entries;
    return;
  }
  const seen = new SeenDirectories();
  seen.add(start, "");
  const open = [first];
  for (let here = open.at(-1); here; here = open.at(-1)) {
    const batch = await readEntries(tree, here, MOST, true);
    if (batch.length > 0) yield batch;
    if (here.at === here.listed.length) open.pop();
    const last = batch.at(-1);
    if (!last || !leadsOn(last)) continue;
    seen.add(last.node, last.path);
    open.push(await openDirectory(last.node, last.path));
  }
}

/** Files of a batch at most: of a directory of a million little more than the names is kept. */
const MOST = 1024;

/** A directory that is walked. */
interface Open {
  readonly fs: FileSystem;
  /** Of the paths of what is in it. */
  readonly prefix: Binary;
  readonly listed: readonly { readonly name: Binary; readonly inode: number }[];
  /** How many of them have been walked. */
  at: number;
}

async function openDirectory({ fs, inode }: TreeNode, path: Binary): Promise<Open> {
  const listed: { name: Binary; inode: number }[] = [];
  for await (const batch of fs.entries(inode)) {
    for (const entry of batch) listed.push({ name: toBinary(entry.name), inode: entry.inode });
  }
  listed.sort((a, b) => (a.name < b.name ? -1 : 1));
  return { fs, prefix: path === "" ? "" : `${path}/`, listed, at: 0 };
}

/** The next files of a directory, so many at most; where they are to be followed, the first directory ends them. */
async function readEntries(tree: Tree, open: Open, most: number, follows: boolean): Promise<WalkEntry[]> {
  const { fs, prefix, listed } = open;
  const crosses = tree.mounts.length > 1 || fs.nested !== undefined;
  const entries: WalkEntry[] = [];
  while (open.at < listed.length && entries.length < most) {
    const { name, inode } = listed[open.at++] as Open["listed"][number];
    const own = { fs, inode };
    const child = crosses ? tree.cross(own) : own;
    const found = child.fs.stat(child.inode);
    const stat = found instanceof Promise ? await found : found;
    const entry = { node: child, stat, name, path: prefix + name, impossible: isImpossible(name) };
    entries.push(entry);
    if (follows && leadsOn(entry)) break;
  }
  return entries;
}

function leadsOn({ stat, impossible }: WalkEntry): boolean {
  return stat.type === "directory" && !impossible;
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
