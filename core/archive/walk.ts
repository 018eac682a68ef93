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

/** What cannot be read: the file behind a name, or what is in a folder. */
export interface Lost {
  readonly what: "file" | "folder";
  /** Raw bytes of its path below the start. */
  readonly path: Binary;
  readonly error: unknown;
}

export interface WalkOptions {
  /** What is below folders as well, which it is where left out. */
  readonly recursive?: boolean;
  /** Hears what cannot be read, and the walk goes on without it; where left out the walk throws. */
  readonly lost?: (lost: Lost) => void;
  /** Names of directories that are kept at once at most, however many there are: `E_WALK_NAMES`. */
  readonly names?: number;
  /** Bytes of a path below the start at most: `E_WALK_PATH`. */
  readonly path?: number;
}

/**
 * Everything below a directory in batches, sorted by the bytes of the names; a directory is the last of its batch and
 * what is in it comes next. Mounts are crossed; links, and directories with impossible names, are not followed. Throws
 * `E_WALK_LOOP` where a directory is met twice: that is damage, or how mkfs.btrfs --rootdir copied several mounts.
 */
export async function* walk(
  tree: Tree,
  start: TreeNode,
  options: WalkOptions = {},
): AsyncGenerator<readonly WalkEntry[]> {
  const open: Open[] = [];
  const seen = new SeenDirectories();
  const enter = async (node: TreeNode, path: Binary): Promise<void> => {
    try {
      seen.add(node, path);
      open.push(await openDirectory(tree, node, path, open, options));
    } catch (error) {
      if (!options.lost) throw error;
      options.lost({ what: "folder", path, error });
    }
  };
  await enter(start, "");
  const isDeep = options.recursive !== false;
  for (let here = open.at(-1); here; here = open.at(-1)) {
    const { batch, next } = await readEntries(tree, here, isDeep, options);
    if (batch.length > 0) yield batch;
    if (here.at === here.listed.length) open.pop();
    if (next) await enter(next.node, next.path);
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

async function openDirectory(
  tree: Tree,
  { fs, inode }: TreeNode,
  path: Binary,
  open: readonly Open[],
  { names = Number.POSITIVE_INFINITY, path: longest = Number.POSITIVE_INFINITY }: WalkOptions,
): Promise<Open> {
  if (path.length > longest) throw tooLong(path, longest);
  const kept = open.reduce((sum, each) => sum + each.listed.length, 0);
  const listed: { name: Binary; inode: number }[] = [];
  for await (const batch of fs.entries(inode)) {
    tree.budget.spend("names", batch.length);
    if (kept + listed.length + batch.length > names) throw tooMany(path, names);
    for (const entry of batch) listed.push({ name: toBinary(entry.name), inode: entry.inode });
  }
  listed.sort((a, b) => (a.name < b.name ? -1 : 1));
  return { fs, prefix: path === "" ? "" : `${path}/`, listed, at: 0 };
}

interface Read {
  readonly batch: readonly WalkEntry[];
  /** The directory that is its last, where it is to be followed. */
  readonly next: WalkEntry | null;
}

/** The next files of a directory, `MOST` at most; where they are to be followed, the first directory ends them. */
async function readEntries(tree: Tree, open: Open, isDeep: boolean, { lost }: WalkOptions): Promise<Read> {
  const { fs, prefix, listed } = open;
  const crosses = tree.mounts.length > 1 || fs.nested !== undefined;
  const batch: WalkEntry[] = [];
  while (open.at < listed.length && batch.length < MOST) {
    const { name, inode } = listed[open.at++] as Open["listed"][number];
    const path = prefix + name;
    try {
      const own = { fs, inode };
      const child = crosses ? tree.cross(own) : own;
      const found = child.fs.stat(child.inode);
      const stat = found instanceof Promise ? await found : found;
      const entry = { node: child, stat, name, path, impossible: isImpossible(name) };
      batch.push(entry);
      if (isDeep && leadsOn(entry)) return { batch, next: entry };
    } catch (error) {
      if (!lost) throw error;
      lost({ what: "file", path, error });
    }
  }
  return { batch, next: null };
}

function tooMany(path: Binary, most: number): GuestkitError {
  const file = `/${printable(path)}`;
  const message = `Cannot list "${file}": there are more than ${most} names in it and in the folders that it lies in`;
  const help = `List it by itself (guestkit ls IMAGE "${file}"), which is bounded by nothing.`;
  return new GuestkitError("E_WALK_NAMES", message, { at: { file }, help });
}

function tooLong(path: Binary, longest: number): GuestkitError {
  const file = `/${printable(path.slice(0, 200))}...`;
  const message = `Cannot list "${file}": its path is longer than ${longest} bytes`;
  const help = "Name a folder in it, from which on its path is shorter.";
  return new GuestkitError("E_WALK_PATH", message, { at: { file }, help });
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
