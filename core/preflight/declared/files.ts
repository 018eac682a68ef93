import type { DirectoryEntry, FileStat, FileSystem, FileType } from "../../filesystem/filesystem.ts";
import { GuestkitError } from "../../kit/errors.ts";
import { memorySource } from "../../source/memory.ts";
import type { ByteSource } from "../../source/source.ts";

interface Node {
  readonly type: FileType;
  readonly bytes: Uint8Array;
  readonly children: Map<string, number>;
}

const ROOT = 2;
const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** The files that an image is going to have, as far as its declaration tells: read by what reads real ones. */
export class DeclaredFiles implements FileSystem {
  readonly type = "declared";
  readonly uuid = null;
  readonly label = null;
  readonly size = 0;
  readonly free = null;
  readonly warnings = [];
  readonly root = ROOT;
  readonly #nodes = new Map<number, Node>();

  /** @param files text by absolute path; a later one replaces an earlier one of the same path */
  constructor(files: ReadonlyMap<string, string>) {
    this.#add({ type: "directory", bytes: new Uint8Array(0), children: new Map() });
    for (const [path, text] of files) this.#place(path, encode(text));
  }

  async stat(inode: number): Promise<FileStat> {
    const { type, bytes } = this.#node(inode);
    const epoch = { seconds: 0, nanoseconds: 0 };
    const times = { mtime: epoch, atime: epoch, ctime: epoch, btime: null };
    return { inode, type, mode: 0o755, uid: 0, gid: 0, size: bytes.length, links: 1, device: null, ...times };
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
    return memorySource(this.#node(inode).bytes);
  }

  async xattrs(): Promise<ReadonlyMap<string, Uint8Array>> {
    return new Map();
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  #node(inode: number): Node {
    const node = this.#nodes.get(inode);
    if (!node) throw new GuestkitError("E_DECLARED_FILE", `Cannot read inode ${inode}: there is none`);
    return node;
  }

  #add(node: Node): number {
    const inode = ROOT + this.#nodes.size;
    this.#nodes.set(inode, node);
    return inode;
  }

  #place(path: string, bytes: Uint8Array): void {
    const names = path.split("/").filter((name) => name !== "");
    const last = names.pop();
    let folder = this.#node(ROOT);
    for (const name of names) {
      const known = folder.children.get(name);
      const inode = known ?? this.#add({ type: "directory", bytes: new Uint8Array(0), children: new Map() });
      folder.children.set(name, inode);
      folder = this.#node(inode);
    }
    if (last !== undefined) folder.children.set(last, this.#add({ type: "file", bytes, children: new Map() }));
  }
}
