import { type DirItem, dirItems, nameHash } from "./dir-item.ts";
import type { EditedTree } from "./edited.ts";
import { inodeRefs, refKeys } from "./inode-refs.ts";
import { type Key, key, readId, TOP, writeId, writeKey } from "./key.ts";
import { DIR_ITEM, INODE, INODE_REF, KEY_TYPE } from "./layout.ts";
import type { Item } from "./node.ts";
import type { Items } from "./tree.ts";
import type { Volume } from "./volume.ts";

/** A name to be made: what it leads to, and as what. */
export interface NewName {
  readonly directory: number;
  readonly index: number;
  readonly name: Uint8Array;
  readonly inode: number;
}

/** Type of an entry by the upper four bits of its inode's mode. */
const ENTRY_TYPE: Readonly<Record<number, number>> = { 8: 1, 4: 2, 2: 3, 6: 4, 1: 5, 12: 6, 10: 7 };

/** Names of directories while a log is replayed: each of them stands in three items (by hash, by index, at its inode). */
export class LogNames {
  readonly #volume: Volume;
  readonly #items: EditedTree;

  constructor(volume: Volume, items: EditedTree) {
    this.#volume = volume;
    this.#items = items;
  }

  async inode(number: number): Promise<Item | null> {
    return this.#items.get(key(number, KEY_TYPE.inode_item, 0));
  }

  async byName(directory: number, name: Uint8Array): Promise<DirItem | null> {
    return this.#find(key(directory, KEY_TYPE.dir_item, nameHash(name)), name);
  }

  async byIndex(directory: number, index: number, name: Uint8Array): Promise<DirItem | null> {
    return this.#find(key(directory, KEY_TYPE.dir_index, index), name);
  }

  async #find(at: Key, name: Uint8Array): Promise<DirItem | null> {
    const item = await this.#items.get(at);
    if (!item) return null;
    for (const each of dirItems(this.#volume, item)) if (sameBytes(each.name, name)) return each;
    return null;
  }

  /** Makes a name (`btrfs_add_link`), without its reference at the inode; false where it is there already. */
  async link({ directory, index, name, inode }: NewName): Promise<boolean> {
    const target = await this.inode(inode);
    if (!target || !(await this.inode(directory)) || (await this.byName(directory, name))) return false;
    const entry = entryBytes(inode, name, ENTRY_TYPE[target.u32(INODE.mode) >>> 12] ?? 0);
    const hashed = key(directory, KEY_TYPE.dir_item, nameHash(name));
    const others = await this.#items.get(hashed);
    this.#items.set(hashed, concat(others?.bytes(0, others.size), entry), target.address);
    this.#items.set(key(directory, KEY_TYPE.dir_index, index), entry, target.address);
    await this.#grow(directory, name.length * 2);
    return true;
  }

  /** The reference of a name at its inode, beside those that are there. */
  async addRef({ directory, index, name, inode }: NewName, address: number): Promise<void> {
    const at = key(inode, KEY_TYPE.inode_ref, directory);
    const others = await this.#items.get(at);
    this.#items.set(at, concat(others?.bytes(0, others.size), refBytes(index, name)), address);
  }

  /** Takes a name away (`btrfs_unlink_inode`), with its reference. */
  async unlink(directory: number, inode: number, name: Uint8Array): Promise<void> {
    const index = (await this.#dropRef(directory, inode, name)) ?? (await this.#indexOf(directory, name));
    await this.#dropName(key(directory, KEY_TYPE.dir_item, nameHash(name)), name);
    if (index !== null) this.#items.remove(key(directory, KEY_TYPE.dir_index, index));
    await this.#grow(directory, name.length * -2);
  }

  /** The index that stood with the reference; null where there is none. */
  async #dropRef(directory: number, inode: number, name: Uint8Array): Promise<number | null> {
    for (const at of refKeys(inode, directory, name)) {
      const item = await this.#items.get(at);
      const ref = item && inodeRefs(item)?.find((each) => each.directory === directory && sameBytes(each.name, name));
      if (!ref) continue;
      this.#cut(at, item, ref.start, ref.end);
      return ref.index;
    }
    return null;
  }

  async #indexOf(directory: number, name: Uint8Array): Promise<number | null> {
    const type = KEY_TYPE.dir_index;
    for await (const batch of this.#items.range(key(directory, type, 0), key(directory, type, TOP))) {
      for (const item of batch) {
        for (const each of dirItems(this.#volume, item)) if (sameBytes(each.name, name)) return item.offset;
      }
    }
    return null;
  }

  /** One name of those that share an item. */
  async #dropName(at: Key, name: Uint8Array): Promise<void> {
    const item = await this.#items.get(at);
    if (!item) return;
    let start = 0;
    for (const each of dirItems(this.#volume, item)) {
      const end = start + DIR_ITEM.name + each.name.length + each.data.length;
      if (sameBytes(each.name, name)) return this.#cut(at, item, start, end);
      start = end;
    }
  }

  /** The item without its bytes `[start, end)`; gone where nothing is left. */
  #cut(at: Key, item: Item, start: number, end: number): void {
    if (end - start === item.size) this.#items.remove(at);
    else this.#items.set(at, concat(item.bytes(0, start), item.bytes(end, item.size - end)), item.address);
  }

  /** A directory's size is that of its names, twice. */
  async #grow(directory: number, by: number): Promise<void> {
    await this.change(directory, (view) => writeId(view, INODE.size, Math.max(0, readId(view, INODE.size) + by)));
  }

  /** Changes an inode's own item. */
  async change(inode: number, edit: (view: DataView) => void): Promise<void> {
    const item = await this.inode(inode);
    if (!item) return;
    const bytes = item.bytes(0, item.size).slice();
    edit(new DataView(bytes.buffer));
    this.#items.set(key(inode, KEY_TYPE.inode_item, 0), bytes, item.address);
  }
}

/** Whether a name of an inode in a directory is in the log (`backref_in_log`). */
export async function isRefIn(log: Items, directory: number, inode: number, name: Uint8Array): Promise<boolean> {
  for (const at of refKeys(inode, directory, name)) {
    const item = await log.get(at);
    const refs = item ? inodeRefs(item) : null;
    if (refs?.some((each) => each.directory === directory && sameBytes(each.name, name))) return true;
  }
  return false;
}

function entryBytes(inode: number, name: Uint8Array, type: number): Uint8Array {
  const bytes = new Uint8Array(DIR_ITEM.name + name.length);
  const view = new DataView(bytes.buffer);
  writeKey(view, DIR_ITEM.location, key(inode, KEY_TYPE.inode_item, 0));
  view.setUint16(DIR_ITEM.name_len, name.length, true);
  view.setUint8(DIR_ITEM.type, type);
  bytes.set(name, DIR_ITEM.name);
  return bytes;
}

function refBytes(index: number, name: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(INODE_REF.name + name.length);
  const view = new DataView(bytes.buffer);
  writeId(view, INODE_REF.index, index);
  view.setUint16(INODE_REF.name_len, name.length, true);
  bytes.set(name, INODE_REF.name);
  return bytes;
}

function concat(first: Uint8Array | undefined, second: Uint8Array): Uint8Array {
  if (!first) return second.slice();
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
