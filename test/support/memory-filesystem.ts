import type { DirectoryEntry, FileStat, FileSystem, FileType } from "../../core/filesystem/filesystem.ts";
import { Tree } from "../../core/filesystem/tree.ts";
import { Budget } from "../../core/kit/budget.ts";
import { GuestkitError } from "../../core/kit/errors.ts";
import { memorySource } from "../../core/source/memory.ts";
import type { ByteSource } from "../../core/source/source.ts";

/** A file's text or bytes, a link's target, or a file that cannot be read. Folders come from the paths. */
export type Content = string | Uint8Array | { readonly link: string } | { readonly damaged: true };

interface Node {
  readonly type: FileType;
  readonly bytes: Uint8Array;
  readonly children: Map<string, number>;
  readonly damaged: boolean;
}

const ROOT = 2;
const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** A file system made of `path -> content`; a path that ends in `/` is an empty folder. */
export class MemoryFileSystem implements FileSystem {
  readonly type: string = "memory";
  readonly uuid: string | null = null;
  readonly label: string | null = null;
  readonly size = 1 << 20;
  readonly free = 0;
  readonly warnings: readonly string[] = [];
  readonly root = ROOT;
  readonly #nodes = new Map<number, Node>();

  constructor(files: Readonly<Record<string, Content>>) {
    this.#add({ type: "directory", bytes: encode(""), children: new Map(), damaged: false });
    for (const [path, content] of Object.entries(files)) this.#place(path, content);
  }

  async stat(inode: number): Promise<FileStat> {
    const { type, bytes } = this.#node(inode);
    const epoch = { seconds: 0, nanoseconds: 0 };
    const times = { mtime: epoch, atime: epoch, ctime: epoch, btime: null };
    const owner = { mode: 0o755, uid: 0, gid: 0, links: 1, device: null };
    return { inode, type, size: bytes.length, ...owner, ...times };
  }

  async *entries(directory: number): AsyncGenerator<readonly DirectoryEntry[]> {
    const found = [...this.#node(directory).children];
    yield found.map(([name, inode]) => ({ name: encode(name), inode, type: this.#node(inode).type }));
  }

  async lookup(directory: number, name: Uint8Array): Promise<number | null> {
    return this.#node(directory).children.get(decode(name)) ?? null;
  }

  async readLink(inode: number): Promise<Uint8Array> {
    return this.#node(inode).bytes;
  }

  async open(inode: number): Promise<ByteSource> {
    const { bytes, damaged } = this.#node(inode);
    if (damaged) throw new GuestkitError("E_TEST_DAMAGED", `Cannot read inode ${inode}: it is damaged`);
    return memorySource(bytes);
  }

  async xattrs(): Promise<ReadonlyMap<string, Uint8Array>> {
    return new Map();
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  #node(inode: number): Node {
    const node = this.#nodes.get(inode);
    if (!node) throw new GuestkitError("E_TEST_INODE", `Cannot read inode ${inode}: there is none`);
    return node;
  }

  #add(node: Node): number {
    const inode = ROOT + this.#nodes.size;
    this.#nodes.set(inode, node);
    return inode;
  }

  #place(path: string, content: Content): void {
    const names = path.split("/").filter((name) => name !== "");
    const last = path.endsWith("/") ? undefined : names.pop();
    let folder = this.#node(ROOT);
    for (const name of names) folder = this.#folder(folder, name);
    if (last !== undefined) folder.children.set(last, this.#add(toNode(content)));
  }

  #folder(parent: Node, name: string): Node {
    const known = parent.children.get(name);
    if (known !== undefined) return this.#node(known);
    const node: Node = { type: "directory", bytes: encode(""), children: new Map(), damaged: false };
    parent.children.set(name, this.#add(node));
    return node;
  }
}

function toNode(content: Content): Node {
  const rest = { children: new Map<string, number>(), damaged: false };
  if (typeof content === "string") return { type: "file", bytes: encode(content), ...rest };
  if (content instanceof Uint8Array) return { type: "file", bytes: content, ...rest };
  if ("link" in content) return { type: "symlink", bytes: encode(content.link), ...rest };
  return { type: "file", bytes: encode("damaged"), ...rest, damaged: true };
}

/** The same as a tree of one file system. */
export function memoryTree(files: Readonly<Record<string, Content>>, budget = new Budget()): Promise<Tree> {
  return Tree.assemble([{ target: "/", fs: new MemoryFileSystem(files) }], budget);
}
