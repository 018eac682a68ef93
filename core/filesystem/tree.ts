import type { Budget } from "../kit/budget.ts";
import { GuestkitError } from "../kit/errors.ts";
import { encodeName, printable } from "../kit/name.ts";
import type { ByteSource } from "../source/source.ts";
import type { DirectoryEntry, FileStat, FileSystem, FileType } from "./filesystem.ts";

/** A file of a tree: which file system and which inode. */
export interface TreeNode {
  readonly fs: FileSystem;
  readonly inode: number;
}

/** A name of a directory with what it leads to, mounts followed. */
export interface Child {
  /** As text (lossy). */
  readonly name: string;
  readonly node: TreeNode;
  /** Where the directory tells, else null. */
  readonly type: FileType | null;
}

/** A file system laid over a directory of the tree. */
export interface Mount {
  /** Absolute path, `/` for the root. */
  readonly target: string;
  readonly fs: FileSystem;
}

/** Where a path leads: to which file, and how from the root of the file system that is mounted above it. */
export interface Location {
  readonly node: TreeNode;
  readonly mount: FileSystem;
  /** Names that are no links, from the mount's root on; trees within the file system are passed through. */
  readonly names: readonly Uint8Array[];
}

/** A file that a path leads through, by its name there; the root has none. */
interface Step {
  readonly node: TreeNode;
  readonly name: Uint8Array;
}

/** The kernel's limit of links followed in one look-up (path_resolution(7)). */
const MAX_LINKS = 40;
const SLASH = 0x2f;

/**
 * File systems put together by their mount points, with the guest's view of paths: absolute links and `..` never leave
 * the tree's root. Paths are text or raw bytes. What is read, listed and followed is charged to the budget.
 */
export class Tree {
  readonly mounts: readonly Mount[];
  readonly budget: Budget;
  readonly #root: FileSystem;
  /** Mounted file systems by the directory that they cover. */
  readonly #covers = new Map<FileSystem, Map<number, FileSystem>>();

  private constructor(root: FileSystem, mounts: readonly Mount[], budget: Budget) {
    this.#root = root;
    this.mounts = mounts;
    this.budget = budget;
  }

  /** `mounts` must hold `/`; a mount whose directory does not exist is left out. */
  static async assemble(mounts: readonly Mount[], budget: Budget): Promise<Tree> {
    const sorted = mounts.toSorted((a, b) => a.target.length - b.target.length);
    const root = sorted.find((mount) => mount.target === "/");
    if (!root) throw new GuestkitError("E_TREE_ROOT", "Cannot assemble mounts: none of them is /");
    const done = [root];
    const tree = new Tree(root.fs, done, budget);
    for (const mount of sorted) if (mount !== root && (await tree.#mount(mount))) done.push(mount);
    return tree;
  }

  async #mount({ target, fs }: Mount): Promise<boolean> {
    this.budget.spend("entries", 1, target);
    const over = await this.resolve(target);
    if (!over) return false;
    const covered = this.#covers.get(over.fs) ?? new Map<number, FileSystem>();
    this.#covers.set(over.fs, covered);
    if (!covered.has(over.inode)) covered.set(over.inode, fs);
    return true;
  }

  get root(): TreeNode {
    return { fs: this.#root, inode: this.#root.root };
  }

  /**
   * The file at `path`, links followed (the last one only with `follow`, the default); null where there is none.
   * Throws `E_TREE_LINKS` past 40 links.
   */
  async resolve(path: string | Uint8Array, options: { follow?: boolean } = {}): Promise<TreeNode | null> {
    return (await this.#walk(path, options))?.at(-1)?.node ?? null;
  }

  /** The same with the way to it, links followed. */
  async locate(path: string | Uint8Array): Promise<Location | null> {
    const steps = await this.#walk(path, {});
    if (!steps) return null;
    const roots = new Set(this.mounts.map(({ fs }) => fs));
    const at = steps.findLastIndex(({ node }) => node.inode === node.fs.root && roots.has(node.fs));
    const [top, ...below] = steps.slice(at) as [Step, ...Step[]];
    return { node: (below.at(-1) ?? top).node, mount: top.node.fs, names: below.map(({ name }) => name) };
  }

  /** The files that `path` leads through, from the root to the last. */
  async #walk(path: string | Uint8Array, { follow = true }: { follow?: boolean }): Promise<readonly Step[] | null> {
    const trail: Step[] = [{ node: this.root, name: new Uint8Array() }];
    const todo = split(path).reverse();
    for (let links = 0; todo.length > 0; ) {
      const name = todo.pop() as Uint8Array;
      if (isDotDot(name)) {
        if (trail.length > 1) trail.pop();
        continue;
      }
      const child = await this.child((trail.at(-1) as Step).node, name);
      if (!child) return null;
      const last = todo.length === 0;
      const stat = last && !follow ? null : await child.fs.stat(child.inode);
      if (stat?.type !== "symlink") {
        trail.push({ node: child, name });
        continue;
      }
      if (++links > MAX_LINKS) throw tooManyLinks(path);
      this.budget.spend("links", 1, path);
      const target = await child.fs.readLink(child.inode);
      if (target[0] === SLASH) trail.length = 1;
      todo.push(...split(target).reverse());
    }
    return trail;
  }

  /** One name of a directory, mounts followed; null where it is not there or `parent` is no directory. */
  async child(parent: TreeNode, name: Uint8Array): Promise<TreeNode | null> {
    if ((await parent.fs.stat(parent.inode)).type !== "directory") return null;
    const inode = await parent.fs.lookup(parent.inode, name);
    return inode === null ? null : this.cross({ fs: parent.fs, inode });
  }

  /** The root of what is mounted over `node`, or of the tree of its own that stands there; else `node`. */
  cross(node: TreeNode): TreeNode {
    const fs = this.#covers.get(node.fs)?.get(node.inode) ?? node.fs.nested?.(node.inode);
    return fs ? { fs, inode: fs.root } : node;
  }

  async stat(path: string | Uint8Array): Promise<FileStat | null> {
    const node = await this.resolve(path);
    return node ? node.fs.stat(node.inode) : null;
  }

  /** Names of a directory, empty where there is none. Meant for the small directories of configuration. */
  async list(path: string | TreeNode): Promise<readonly DirectoryEntry[]> {
    const node = typeof path === "string" ? await this.resolve(path) : path;
    if (!node || (await node.fs.stat(node.inode)).type !== "directory") return [];
    const all: DirectoryEntry[] = [];
    for await (const batch of node.fs.entries(node.inode)) {
      this.budget.spend("names", batch.length, typeof path === "string" ? path : undefined);
      for (const entry of batch) all.push(entry);
    }
    return all;
  }

  /**
   * The same by name, with what each of them leads to: who wants many of them asks the directory once, not again for
   * each name. Links are not followed.
   */
  async children(path: string | TreeNode): Promise<readonly Child[]> {
    const node = typeof path === "string" ? await this.resolve(path) : path;
    if (!node) return [];
    const found = (await this.list(typeof path === "string" ? path : node)).map(({ name, inode, type }) => {
      const own = { fs: node.fs, inode };
      const child = this.cross(own);
      return { name: new TextDecoder().decode(name), node: child, type: child === own ? type : ("directory" as const) };
    });
    return found.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** The target of a symbolic link as text (lossy); null where there is none or it is something else. */
  async readLink(path: string | Uint8Array | TreeNode): Promise<string | null> {
    const node = isNode(path) ? path : await this.resolve(path, { follow: false });
    if (!node || (await node.fs.stat(node.inode)).type !== "symlink") return null;
    this.budget.spend("links", 1, isNode(path) ? undefined : path);
    return new TextDecoder().decode(await node.fs.readLink(node.inode));
  }

  /** Names in a directory as text (lossy), sorted; empty where there is none. */
  async names(path: string): Promise<readonly string[]> {
    const entries = await this.list(path);
    return entries.map((entry) => new TextDecoder().decode(entry.name)).sort();
  }

  /** A regular file's bytes as a source, or null where there is no such file. */
  async open(path: string | Uint8Array): Promise<ByteSource | null> {
    const node = await this.resolve(path);
    if (!node || (await node.fs.stat(node.inode)).type !== "file") return null;
    return node.fs.open(node.inode);
  }

  /** A regular file's bytes in pieces of at most `chunk` bytes, or null where there is no such file. */
  async stream(path: string | Uint8Array, chunk = 256 << 10): Promise<AsyncIterable<Uint8Array> | null> {
    const source = await this.open(path);
    return source && this.#charged(source, chunk, path);
  }

  async *#charged(source: ByteSource, chunk: number, path: string | Uint8Array): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < source.size; at += chunk) {
      const length = Math.min(chunk, source.size - at);
      this.budget.spend("bytes", length, path);
      yield await source.read(at, length);
    }
  }

  /** A small file whole, or null where there is none. Throws `E_TREE_TOO_LARGE` past `limit` bytes (default 64 MiB). */
  async readFile(path: string | Uint8Array, limit = 64 << 20): Promise<Uint8Array | null> {
    const source = await this.open(path);
    if (!source) return null;
    if (source.size > limit) throw tooLarge(path, source.size, limit);
    this.budget.spend("bytes", source.size, path);
    return source.read(0, source.size);
  }

  /** A file of configuration as text (UTF-8, lossy). Throws `E_TREE_TOO_LARGE` past `limit` bytes (default 4 MiB). */
  async readText(path: string, limit = 4 << 20): Promise<string | null> {
    const bytes = await this.readFile(path, limit);
    return bytes && new TextDecoder().decode(bytes);
  }
}

function isNode(path: string | Uint8Array | TreeNode): path is TreeNode {
  return typeof path !== "string" && "inode" in path;
}

function split(path: string | Uint8Array): Uint8Array[] {
  const bytes = typeof path === "string" ? encodeName(path) : path;
  const names: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const slash = bytes.indexOf(SLASH, at);
    const end = slash < 0 ? bytes.length : slash;
    const name = bytes.subarray(at, end);
    if (name.length > 0 && !(name.length === 1 && name[0] === 0x2e)) names.push(name);
    at = end + 1;
  }
  return names;
}

function isDotDot(name: Uint8Array): boolean {
  return name.length === 2 && name[0] === 0x2e && name[1] === 0x2e;
}

function show(path: string | Uint8Array): string {
  return printable(typeof path === "string" ? path : new TextDecoder().decode(path));
}

function tooManyLinks(path: string | Uint8Array): GuestkitError {
  return new GuestkitError("E_TREE_LINKS", `Cannot resolve "${show(path)}": more than ${MAX_LINKS} symbolic links`, {
    help: "The links form a loop; name the file that they should lead to.",
  });
}

function tooLarge(path: string | Uint8Array, size: number, limit: number): GuestkitError {
  return new GuestkitError(
    "E_TREE_TOO_LARGE",
    `Cannot read "${show(path)}": ${size} bytes are past the limit of ${limit}`,
    {
      help: "Copy it out instead: guestkit cp IMAGE:PATH FILE",
    },
  );
}
