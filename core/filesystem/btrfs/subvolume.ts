import { type Eventual, whenHere } from "../../kit/eventual.ts";
import { hexOf } from "../../kit/struct.ts";
import type { ByteSource } from "../../source/source.ts";
import type { DirectoryEntry, FileStat, FileSystem, Subvolume } from "../filesystem.ts";
import { FileContent } from "./content.ts";
import { crossingOf, stubInode, subvolumeInode } from "./crossing.ts";
import type { DataReader } from "./data.ts";
import { Directory } from "./directory.ts";
import { statOf } from "./inode.ts";
import { key } from "./key.ts";
import { EMPTY_SUBVOL_DIR, INODE, INODE_FLAG, KEY_TYPE } from "./layout.ts";
import type { Item } from "./node.ts";
import type { Items } from "./tree.ts";
import type { Volume } from "./volume.ts";
import { readXattrs } from "./xattr.ts";

/** What all subvolumes of a file system have in common. */
export interface Family {
  readonly volume: Volume;
  readonly data: DataReader;
  /** Filled in once all are known. */
  readonly list: readonly Subvolume[];
  readonly byId: ReadonlyMap<number, FileSystem>;
  /** By `parent/directory/id/name`, the name in hex: entries that lead to a subvolume. */
  readonly entries: ReadonlySet<string>;
}

export function entryKey(parent: number, directory: number, id: number, name: Uint8Array): string {
  return `${parent}/${directory}/${id}/${hexOf(name)}`;
}

/** The longest target of a link. */
const PATH_MAX = 4096;

/** One subvolume, or the top level. */
export class SubvolumeTree implements FileSystem {
  readonly type = "btrfs";
  readonly uuid: string | null;
  readonly label: string | null;
  readonly size: number;
  readonly free: number;
  readonly root: number;
  readonly #family: Family;
  readonly #items: Items;
  readonly #id: number;
  /** The inode that was asked for last: its attributes and content are asked for next. */
  #recent: Item | null = null;

  constructor(family: Family, items: Items, { id, directory }: { readonly id: number; readonly directory: number }) {
    const { raw } = family.volume.sb;
    this.#family = family;
    this.#items = items;
    this.#id = id;
    this.root = directory;
    this.uuid = raw.fsid.every((byte) => byte === 0) ? null : raw.fsid_text;
    this.label = raw.label || null;
    this.size = raw.total_bytes;
    this.free = raw.total_bytes - raw.bytes_used;
  }

  get warnings(): readonly string[] {
    return this.#family.volume.notes.texts;
  }

  get others(): readonly ByteSource[] {
    return this.#family.volume.peers;
  }

  get subvolumes(): readonly Subvolume[] {
    return this.#family.list;
  }

  nested(inode: number): FileSystem | null {
    const crossing = crossingOf(inode);
    return crossing?.kind === "subvolume" ? (this.#family.byId.get(crossing.id) ?? null) : null;
  }

  stat(inode: number): Eventual<FileStat> {
    const crossing = crossingOf(inode);
    if (crossing?.kind === "stub") return this.#stub(crossing.directory);
    if (crossing) return (this.nested(inode) ?? this.#noInode(inode)).stat(this.#rootOf(inode));
    return whenHere(this.#item(inode), (item) => statOf(this.#family.volume, item));
  }

  async *entries(directory: number): AsyncGenerator<readonly DirectoryEntry[]> {
    if (crossingOf(directory)?.kind === "stub") return;
    yield* (await this.#directory(directory)).entries();
  }

  async lookup(directory: number, name: Uint8Array): Promise<number | null> {
    if (crossingOf(directory)?.kind === "stub") return null;
    return (await this.#directory(directory)).lookup(name);
  }

  readLink(inode: number): Eventual<Uint8Array> {
    return whenHere(this.#item(inode), (item) => {
      const stat = statOf(this.#family.volume, item);
      if (stat.type !== "symlink") throw this.#not(item, "a symbolic link", stat.type, "E_BTRFS_NOT_LINK");
      if (stat.size > PATH_MAX) throw this.#fault("E_BTRFS_INODE", inode, `its target has ${stat.size} bytes`, item);
      const target = new Uint8Array(stat.size);
      return whenHere(this.#content(item, stat.size).readInto(0, target), () => target);
    });
  }

  open(inode: number): Eventual<ByteSource> {
    return whenHere(this.#item(inode), (item) => {
      const stat = statOf(this.#family.volume, item);
      if (stat.type === "file") return this.#content(item, stat.size);
      throw this.#not(item, "a file", stat.type, "E_BTRFS_NOT_FILE");
    });
  }

  xattrs(inode: number): Eventual<ReadonlyMap<string, Uint8Array>> {
    if (crossingOf(inode)?.kind === "stub") return new Map();
    return whenHere(this.#item(inode), () => readXattrs(this.#family.volume, this.#items, inode));
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  #content(item: Item, size: number): FileContent {
    const unsummed = (item.u32(INODE.flags) & INODE_FLAG.nodatasum) !== 0;
    return new FileContent({ data: this.#family.data, items: this.#items, inode: item.objectid, size, unsummed });
  }

  async #directory(inode: number): Promise<Directory> {
    const item = await this.#item(inode);
    const { type } = statOf(this.#family.volume, item);
    if (type !== "directory") throw this.#not(item, "a directory", type, "E_BTRFS_NOT_DIRECTORY");
    return new Directory(this.#family.volume, this.#items, inode, (directory, id, name) =>
      this.#family.entries.has(entryKey(this.#id, directory, id, name)) ? subvolumeInode(id) : stubInode(directory),
    );
  }

  #item(inode: number): Eventual<Item> {
    if (this.#recent?.objectid === inode) return this.#recent;
    return whenHere(this.#items.get(key(inode, KEY_TYPE.inode_item, 0)), (item) => {
      this.#recent = item ?? this.#noInode(inode);
      return this.#recent;
    });
  }

  /** The inode of the root directory that stands behind a subvolume's entry. */
  #rootOf(inode: number): number {
    return this.nested(inode)?.root ?? this.#noInode(inode);
  }

  async #stub(directory: number): Promise<FileStat> {
    const { uid, gid, mtime, atime, ctime, btime } = await this.stat(directory);
    const times = { mtime, atime, ctime, btime };
    return {
      inode: EMPTY_SUBVOL_DIR,
      type: "directory",
      mode: 0o755,
      uid,
      gid,
      size: 0,
      links: 1,
      ...times,
      device: null,
    };
  }

  #not(item: Item, wanted: string, is: string, code: string) {
    const help = wanted === "a file" ? "Name a regular file." : `Name ${wanted}.`;
    return this.#family.volume.fault(code, {
      thing: `inode ${item.objectid} as ${wanted}`,
      what: `it is a ${is}`,
      address: item.address,
      help,
    });
  }

  #noInode(inode: number): never {
    throw this.#fault("E_BTRFS_INODE", inode, `subvolume ${this.#id} has none of that number`);
  }

  #fault(code: string, inode: number, what: string, item?: Item) {
    return this.#family.volume.fault(code, { thing: `inode ${inode}`, what, address: item?.address });
  }
}
