import type { DirectoryEntry } from "../filesystem.ts";
import { type DirItem, dirItems, ENCRYPTED_BIT, ENTRY_TYPES, nameHash } from "./dir-item.ts";
import { key, TOP } from "./key.ts";
import { KEY_TYPE, NAME_MAX, OBJECTID } from "./layout.ts";
import type { Item } from "./node.ts";
import type { Items } from "./tree.ts";
import type { Volume } from "./volume.ts";

/** The names of one directory. `nested` gives the number that stands for the entry of a subvolume. */
export class Directory {
  readonly #volume: Volume;
  readonly #items: Items;
  readonly #inode: number;
  readonly #nested: NestedInode;

  constructor(volume: Volume, items: Items, inode: number, nested: NestedInode) {
    this.#volume = volume;
    this.#items = items;
    this.#inode = inode;
    this.#nested = nested;
  }

  /** Batches in the order in which the names were made. Throws `E_BTRFS_DIRECTORY`, `E_BTRFS_ITEM`. */
  async *entries(): AsyncGenerator<readonly DirectoryEntry[]> {
    const type = KEY_TYPE.dir_index;
    for await (const batch of this.#items.range(key(this.#inode, type, 0), key(this.#inode, type, TOP))) {
      yield batch.map((item) => this.#indexed(item));
    }
  }

  /** The inode of a name, or null; by its hash. */
  async lookup(name: Uint8Array): Promise<number | null> {
    if (name.length === 0 || name.length > NAME_MAX) return null;
    const item = await this.#items.get(key(this.#inode, KEY_TYPE.dir_item, nameHash(name)));
    if (!item) return null;
    for (const each of dirItems(this.#volume, item)) {
      if (same(each.name, name)) return this.#inodeOf(each, item);
    }
    return null;
  }

  /** An index holds one name. */
  #indexed(item: Item): DirectoryEntry {
    const [only, second] = dirItems(this.#volume, item);
    if (!only || second) throw this.#bad(item, "an entry of it does not hold one name");
    if (!isName(only.name)) throw this.#bad(item, "a name in it is none of a file");
    const isNested = only.location.type === KEY_TYPE.root_item;
    return {
      name: only.name.slice(),
      inode: this.#inodeOf(only, item),
      type: isNested ? "directory" : (ENTRY_TYPES[only.type] ?? null),
    };
  }

  #inodeOf(entry: DirItem, item: Item): number {
    const { objectid, type } = entry.location;
    if ((entry.type & ENCRYPTED_BIT) !== 0) throw this.#bad(item, "a name in it is encrypted", "E_BTRFS_ENCRYPTED");
    if (!ENTRY_TYPES[entry.type]) throw this.#bad(item, `an entry of it has type ${entry.type}`);
    if (objectid < OBJECTID.first_free || !Number.isSafeInteger(objectid)) {
      throw this.#bad(item, `an entry of it leads to ${objectid}`);
    }
    if (type === KEY_TYPE.inode_item) return objectid;
    if (type === KEY_TYPE.root_item) return this.#nested(this.#inode, objectid, entry.name);
    throw this.#bad(item, `an entry of it leads to an item of type ${type}`);
  }

  #bad(item: Item, what: string, code = "E_BTRFS_DIRECTORY") {
    return this.#volume.fault(code, { thing: `directory inode ${this.#inode}`, what, address: item.address });
  }
}

/** The number for the entry `name` of directory `directory` that leads to subvolume `id`. */
export type NestedInode = (directory: number, id: number, name: Uint8Array) => number;

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

function isName(name: Uint8Array): boolean {
  if (name.includes(0x2f) || name.includes(0)) return false;
  return !(name[0] === 0x2e && (name.length === 1 || (name.length === 2 && name[1] === 0x2e)));
}
