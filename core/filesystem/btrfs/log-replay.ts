import { type DirItem, dirItems } from "./dir-item.ts";
import type { EditedTree } from "./edited.ts";
import { allRefs, inodeRefs, refKeys } from "./inode-refs.ts";
import { type Key, key, readId, TOP, writeId } from "./key.ts";
import { INODE, INODE_ITEM_SIZE, KEY_TYPE } from "./layout.ts";
import { LogExtents } from "./log-extents.ts";
import { isRefIn, LogNames, sameBytes } from "./log-names.ts";
import type { Item } from "./node.ts";
import type { Tree } from "./tree.ts";
import type { Volume } from "./volume.ts";

/** Bytes that the changes of a log may take. */
const MOST = 256 << 20;
const DIRECTORY = 4;
const FILE = 8;

/**
 * Replays the log of one subvolume over its tree, in the kernel's order (fs/btrfs/tree-log.c): inodes and what was deleted
 * first, then names, then the rest. Throws `E_BTRFS_LOG`.
 */
export async function replayLog(volume: Volume, items: EditedTree, log: Tree): Promise<void> {
  await new Replay(volume, items, log).run();
}

class Replay {
  readonly #volume: Volume;
  readonly #items: EditedTree;
  readonly #log: Tree;
  readonly #names: LogNames;
  readonly #extents: LogExtents;
  /** Inodes whose count of links is made right at the end. */
  readonly #counts = new Set<number>();

  constructor(volume: Volume, items: EditedTree, log: Tree) {
    this.#volume = volume;
    this.#items = items;
    this.#log = log;
    this.#names = new LogNames(volume, items);
    this.#extents = new LogExtents(volume, items);
  }

  async run(): Promise<void> {
    const { inode_item, dir_index, xattr_item, inode_ref, inode_extref, extent_data } = KEY_TYPE;
    await this.#each([inode_item], (item) => this.#inode(item));
    await this.#each([dir_index], (item) => this.#entry(item));
    await this.#each([xattr_item, inode_ref, inode_extref, extent_data], (item) => this.#rest(item));
    await this.#fixCounts();
  }

  /** Items of these types in order; those of files that were never linked are passed over. */
  async #each(types: readonly number[], replay: (item: Item) => Promise<void>): Promise<void> {
    let ignored = false;
    for await (const batch of this.#log.range(key(0, 0, 0), key(TOP, 255, TOP))) {
      for (const item of batch) {
        if (item.type === KEY_TYPE.inode_item) {
          if (item.size < INODE_ITEM_SIZE) throw this.#bad(item, `it has ${item.size} bytes`);
          ignored = item.u32(INODE.nlink) === 0;
        }
        if (!ignored && types.includes(item.type)) await replay(item);
        if (this.#items.weight > MOST) throw this.#bad(item, "the log has more changes than are kept in memory");
      }
    }
  }

  async #inode(logged: Item): Promise<void> {
    const inode = logged.objectid;
    const type = logged.u32(INODE.mode) >>> 12;
    await this.#dropXattrs(inode);
    if (type === DIRECTORY) await this.#dropNames(inode, false);
    await this.#writeInode(logged);
    const now = await this.#names.inode(inode);
    if (type === FILE && now) await this.#extents.truncate(now);
    this.#counts.add(inode);
  }

  /** A logged inode of generation 0 says only that there is one; a directory's size comes from its names. */
  async #writeInode(logged: Item): Promise<void> {
    const bytes = logged.bytes(0, logged.size).slice();
    const view = new DataView(bytes.buffer);
    const before = await this.#names.inode(logged.objectid);
    const type = logged.u32(INODE.mode) >>> 12;
    if (before && logged.u64(INODE.generation) === 0) {
      const size = logged.u64(INODE.size);
      const isFile = type === FILE && before.u32(INODE.mode) >>> 12 === FILE;
      if (isFile && size !== 0) await this.#names.change(logged.objectid, (old) => writeId(old, INODE.size, size));
      return;
    }
    if (type === DIRECTORY) {
      const isStill = before !== null && before.u32(INODE.mode) >>> 12 === DIRECTORY;
      writeId(view, INODE.size, isStill ? before.u64(INODE.size) : 0);
    }
    if (readId(view, INODE.generation) === 0) writeId(view, INODE.generation, this.#volume.sb.raw.generation + 1);
    this.#items.set(logged.key, bytes, logged.address);
  }

  /** A logged inode has all of its attributes with it: others are gone. */
  async #dropXattrs(inode: number): Promise<void> {
    const type = KEY_TYPE.xattr_item;
    const gone: Key[] = [];
    for await (const batch of this.#items.range(key(inode, type, 0), key(inode, type, TOP))) {
      for (const item of batch) {
        const logged = await this.#log.get(item.key);
        const kept = logged ? dirItems(this.#volume, logged) : [];
        const own = dirItems(this.#volume, item);
        if (!own.some(({ name }) => kept.some((each) => sameBytes(each.name, name)))) gone.push(item.key);
      }
    }
    for (const each of gone) this.#items.remove(each);
  }

  /** Names that are not in the log go, of the ranges for which it speaks; `all` of them where the directory itself is gone. */
  async #dropNames(directory: number, all: boolean): Promise<void> {
    for await (const [first, last] of all ? [[0, TOP] as const] : this.#ranges(directory)) {
      for (const { location, name } of await this.#unlogged(directory, first, last, all)) {
        await this.#unlink(directory, location.objectid, name);
      }
    }
  }

  async #unlogged(directory: number, first: number, last: number, all: boolean): Promise<readonly DirItem[]> {
    const found: DirItem[] = [];
    const type = KEY_TYPE.dir_index;
    for await (const batch of this.#items.range(key(directory, type, first), key(directory, type, last))) {
      for (const item of batch) {
        const logged = all ? null : await this.#log.get(item.key);
        const kept = logged ? dirItems(this.#volume, logged) : [];
        const isKept = ({ name }: DirItem) => kept.some((each) => sameBytes(each.name, name));
        found.push(...dirItems(this.#volume, item).filter((each) => !isKept(each)));
      }
    }
    return found;
  }

  async *#ranges(directory: number): AsyncGenerator<readonly [number, number]> {
    const type = KEY_TYPE.dir_log_index;
    for await (const batch of this.#log.range(key(directory, type, 0), key(directory, type, TOP))) {
      for (const item of batch) {
        if (item.size < 8) throw this.#bad(item, `a range of names in it has ${item.size} bytes`);
        yield [item.offset, item.u64(0)];
      }
    }
  }

  async #unlink(directory: number, inode: number, name: Uint8Array): Promise<void> {
    this.#counts.add(inode);
    await this.#names.unlink(directory, inode, name.slice());
  }

  /** A name of a logged directory; where its reference was logged as well, it comes with that one. */
  async #entry(logged: Item): Promise<void> {
    const directory = logged.objectid;
    for (const entry of dirItems(this.#volume, logged)) {
      const inode = entry.location.objectid;
      const exists = (await this.#names.inode(inode)) !== null;
      const byName = await this.#conflict(directory, entry, exists, await this.#names.byName(directory, entry.name));
      const found = await this.#names.byIndex(directory, logged.offset, entry.name);
      const byIndex = await this.#conflict(directory, entry, exists, found);
      if ((byName && byIndex) || (await isRefIn(this.#log, directory, inode, entry.name))) continue;
      const added = { directory, index: logged.offset, name: entry.name.slice(), inode };
      if (!(await this.#names.link(added))) continue;
      await this.#names.addRef(added, logged.address);
      if (entry.type !== 2) this.#counts.add(inode);
    }
  }

  /** Whether the name leads where the log says; if not, it goes. */
  async #conflict(directory: number, entry: DirItem, exists: boolean, now: DirItem | null): Promise<boolean> {
    if (!now) return false;
    const { location } = now;
    if (location.objectid === entry.location.objectid && location.type === entry.location.type) return true;
    if (exists) await this.#unlink(directory, location.objectid, now.name);
    return false;
  }

  async #rest(logged: Item): Promise<void> {
    if (logged.type === KEY_TYPE.extent_data) return this.#extents.replay(logged);
    if (logged.type === KEY_TYPE.xattr_item) this.#items.set(logged.key, logged.bytes(0, logged.size), logged.address);
    else await this.#refs(logged);
  }

  /** An inode's names in a directory, as the log has them: others of it there go (`add_inode_ref`). */
  async #refs(logged: Item): Promise<void> {
    const inode = logged.objectid;
    const refs = inodeRefs(logged);
    if (!refs) throw this.#bad(logged, "its names are malformed");
    if (!(await this.#names.inode(inode))) return;
    for (const { directory, index, name } of refs) {
      if (!(await this.#names.inode(directory))) {
        if (logged.type === KEY_TYPE.inode_ref) return;
        continue;
      }
      if (await this.#isLinked(directory, inode, index, name)) continue;
      if (inode === directory) return;
      await this.#makeWay(directory, inode, index, name);
      await this.#names.link({ directory, index, name: name.slice(), inode });
    }
    await this.#dropOldRefs(logged);
    this.#items.set(logged.key, logged.bytes(0, logged.size), logged.address);
  }

  async #isLinked(directory: number, inode: number, index: number, name: Uint8Array): Promise<boolean> {
    const byIndex = await this.#names.byIndex(directory, index, name);
    if (byIndex?.location.objectid !== inode) return false;
    return (await this.#names.byName(directory, name))?.location.objectid === inode;
  }

  /** What stands in the way of a name: others of its inode that the log does not have, and what bears its name or index. */
  async #makeWay(directory: number, inode: number, index: number, name: Uint8Array): Promise<void> {
    for (const at of refKeys(inode, directory, name)) {
      const old = await this.#items.get(at);
      for (const each of (old && inodeRefs(old)) ?? []) {
        if (each.directory !== directory || (await isRefIn(this.#log, directory, inode, each.name))) continue;
        await this.#unlink(directory, inode, each.name);
      }
    }
    for (const find of [() => this.#names.byIndex(directory, index, name), () => this.#names.byName(directory, name)]) {
      const found = await find();
      if (found) await this.#unlink(directory, found.location.objectid, found.name);
    }
  }

  async #dropOldRefs(logged: Item): Promise<void> {
    const old = await this.#items.get(logged.key);
    const kept = inodeRefs(logged) ?? [];
    for (const { directory, name } of (old && inodeRefs(old)) ?? []) {
      if (kept.some((each) => each.directory === directory && sameBytes(each.name, name))) continue;
      await this.#unlink(directory, logged.objectid, name);
    }
  }

  /** Counts of links are those of the names that are left; what has none is gone, with all that it holds. */
  async #fixCounts(): Promise<void> {
    while (this.#counts.size > 0) {
      const round = [...this.#counts];
      this.#counts.clear();
      for (const inode of round) await this.#fixCount(inode);
    }
  }

  async #fixCount(inode: number): Promise<void> {
    const links = await this.#countRefs(inode);
    await this.#names.change(inode, (view) => view.setUint32(INODE.nlink, links, true));
    const item = links === 0 ? await this.#names.inode(inode) : null;
    if (item && item.u32(INODE.mode) >>> 12 === DIRECTORY) await this.#dropNames(inode, true);
  }

  async #countRefs(inode: number): Promise<number> {
    let links = 0;
    for await (const batch of allRefs(this.#items, inode)) {
      for (const item of batch) links += inodeRefs(item)?.length ?? 0;
    }
    return links;
  }

  #bad(item: Item, what: string) {
    return this.#volume.fault("E_BTRFS_LOG", {
      thing: `inode ${item.objectid} in the log`,
      what,
      address: item.address,
    });
  }
}
