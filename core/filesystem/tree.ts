import { GuestkitError } from "../kit/errors.ts";
import { encodeName, printable } from "../kit/name.ts";
import { type ByteSource, stream } from "../source/source.ts";
import type { DirectoryEntry, FileStat, FileSystem } from "./filesystem.ts";

/** A file of a tree: which file system and which inode. */
export interface TreeNode {
  readonly fs: FileSystem;
  readonly inode: number;
}

/** A file system laid over a directory of the tree. */
export interface Mount {
  /** Absolute path, `/` for the root. */
  readonly target: string;
  readonly fs: FileSystem;
}

/** The kernel's limit of links followed in one look-up (path_resolution(7)). */
const MAX_LINKS = 40;
const SLASH = 0x2f;

/**
 * File systems put together by their mount points, with the guest's view of paths: absolute links and `..` never leave
 * the tree's root. Paths are text or raw bytes.
 */
export class Tree {
  readonly mounts: readonly Mount[];
  readonly #root: FileSystem;
  /** Mounted file systems by the directory that they cover. */
  readonly #covers: readonly { readonly over: TreeNode; readonly fs: FileSystem }[];

  private constructor(
    root: FileSystem,
    mounts: readonly Mount[],
    covers: readonly { over: TreeNode; fs: FileSystem }[],
  ) {
    this.#root = root;
    this.mounts = mounts;
    this.#covers = covers;
  }

  /** `mounts` must hold `/`; a mount whose directory does not exist is left out. */
  static async assemble(mounts: readonly Mount[]): Promise<Tree> {
    const sorted = mounts.toSorted((a, b) => a.target.length - b.target.length);
    const root = sorted.find((mount) => mount.target === "/");
    if (!root) throw new GuestkitError("E_TREE_ROOT", "Cannot assemble mounts: none of them is /");
    let tree = new Tree(root.fs, [root], []);
    for (const mount of sorted.filter((each) => each !== root)) tree = await tree.#mount(mount);
    return tree;
  }

  async #mount(mount: Mount): Promise<Tree> {
    const over = await this.resolve(mount.target);
    if (!over) return this;
    return new Tree(this.#root, [...this.mounts, mount], [...this.#covers, { over, fs: mount.fs }]);
  }

  get root(): TreeNode {
    return { fs: this.#root, inode: this.#root.root };
  }

  /**
   * The file at `path`, links followed (the last one only with `follow`, the default); null where there is none.
   * Throws `E_TREE_LINKS` past 40 links.
   */
  async resolve(path: string | Uint8Array, options: { follow?: boolean } = {}): Promise<TreeNode | null> {
    const { follow = true } = options;
    const trail: TreeNode[] = [this.root];
    const todo = split(path).reverse();
    for (let links = 0; todo.length > 0; ) {
      const name = todo.pop() as Uint8Array;
      if (isDotDot(name)) {
        if (trail.length > 1) trail.pop();
        continue;
      }
      const child = await this.child(trail.at(-1) as TreeNode, name);
      if (!child) return null;
      const last = todo.length === 0;
      const stat = last && !follow ? null : await child.fs.stat(child.inode);
      if (stat?.type !== "symlink") {
        trail.push(child);
        continue;
      }
      if (++links > MAX_LINKS) throw tooManyLinks(path);
      const target = await child.fs.readLink(child.inode);
      if (target[0] === SLASH) trail.length = 1;
      todo.push(...split(target).reverse());
    }
    return trail.at(-1) ?? null;
  }

  /** One name of a directory, mounts followed; null where it is not there or `parent` is no directory. */
  async child(parent: TreeNode, name: Uint8Array): Promise<TreeNode | null> {
    if ((await parent.fs.stat(parent.inode)).type !== "directory") return null;
    const inode = await parent.fs.lookup(parent.inode, name);
    return inode === null ? null : this.cross({ fs: parent.fs, inode });
  }

  /** The root of what is mounted over `node`, or `node`. */
  cross(node: TreeNode): TreeNode {
    const cover = this.#covers.find(({ over }) => over.fs === node.fs && over.inode === node.inode);
    return cover ? { fs: cover.fs, inode: cover.fs.root } : node;
  }

  async stat(path: string | Uint8Array): Promise<FileStat | null> {
    const node = await this.resolve(path);
    return node ? node.fs.stat(node.inode) : null;
  }

  /** Names of a directory, empty where there is none. Meant for the small directories of configuration. */
  async list(path: string): Promise<readonly DirectoryEntry[]> {
    const node = await this.resolve(path);
    if (!node || (await node.fs.stat(node.inode)).type !== "directory") return [];
    const all: DirectoryEntry[] = [];
    for await (const batch of node.fs.entries(node.inode)) all.push(...batch);
    return all;
  }

  /** The target of a symbolic link as text (lossy); null where there is none or it is something else. */
  async readLink(path: string | Uint8Array): Promise<string | null> {
    const node = await this.resolve(path, { follow: false });
    if (!node || (await node.fs.stat(node.inode)).type !== "symlink") return null;
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
    return source && stream(source, { chunk });
  }

  /** A small file whole, or null where there is none. Throws `E_TREE_TOO_LARGE` past `limit` bytes (default 64 MiB). */
  async readFile(path: string | Uint8Array, limit = 64 << 20): Promise<Uint8Array | null> {
    const source = await this.open(path);
    if (!source) return null;
    if (source.size > limit) throw tooLarge(path, source.size, limit);
    return source.read(0, source.size);
  }

  /** A file of configuration as text (UTF-8, lossy). Throws `E_TREE_TOO_LARGE` past `limit` bytes (default 4 MiB). */
  async readText(path: string, limit = 4 << 20): Promise<string | null> {
    const bytes = await this.readFile(path, limit);
    return bytes && new TextDecoder().decode(bytes);
  }
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
