import { compareKeys, type Key, key, TOP, writeKey } from "./key.ts";
import { KEY_SIZE } from "./layout.ts";
import { Item } from "./node.ts";
import type { Floor, Items, Tree } from "./tree.ts";

/** An item that is laid over the tree, or that one of the tree is gone (`item` null). */
interface Change {
  readonly key: Key;
  readonly item: Item | null;
}

/**
 * A tree with changes over it, in memory. `floor` looks no further than the items of its key's objectid that are changed; the
 * items of another objectid may be given where the tree alone has them.
 */
export class EditedTree implements Items {
  readonly #base: Tree;
  /** By objectid, in order of their keys. */
  readonly #changes = new Map<number, Change[]>();
  /** Bytes of all items laid over, and a share for each change. */
  weight = 0;

  constructor(base: Tree) {
    this.#base = base;
  }

  /** Lays an item over the tree; `address` is where its data came from, for errors. */
  set(at: Key, data: Uint8Array, address: number): void {
    const bytes = new Uint8Array(KEY_SIZE + data.length);
    const view = new DataView(bytes.buffer);
    writeKey(view, 0, at);
    bytes.set(data, KEY_SIZE);
    this.weight += bytes.length;
    this.#put({ key: at, item: new Item(view, 0, KEY_SIZE, data.length, address) });
  }

  remove(at: Key): void {
    this.#put({ key: at, item: null });
  }

  #put(change: Change): void {
    this.weight += 256;
    const list = this.#changes.get(change.key.objectid) ?? [];
    if (list.length === 0) this.#changes.set(change.key.objectid, list);
    const at = place(list, change.key);
    const isThere = at < list.length && compareKeys((list[at] as Change).key, change.key) === 0;
    list.splice(at, isThere ? 1 : 0, change);
  }

  get(wanted: Key): Item | null | Promise<Item | null> {
    const change = this.#changed(wanted);
    return change ? change.item : this.#base.get(wanted);
  }

  #changed(wanted: Key): Change | undefined {
    const list = this.#changes.get(wanted.objectid);
    if (!list) return undefined;
    const change = list[place(list, wanted)];
    return change && compareKeys(change.key, wanted) === 0 ? change : undefined;
  }

  floor(wanted: Key): Floor | Promise<Floor> {
    const list = this.#changes.get(wanted.objectid);
    return list ? this.#mergedFloor(wanted, list) : this.#base.floor(wanted);
  }

  async #mergedFloor(wanted: Key, list: readonly Change[]): Promise<Floor> {
    const below = (await this.#lastBefore(wanted)) ?? null;
    const over = lastOf(list, wanted);
    const item = over && (!below || compareKeys(over.key, below.key) > 0) ? over : below;
    return { item, next: await this.#nextAfter(wanted, list) };
  }

  /** The tree's own item at or before `wanted` that no change speaks of. */
  async #lastBefore(wanted: Key): Promise<Item | null> {
    for (let at = wanted; ; ) {
      const { item } = await this.#base.floor(at);
      if (item?.objectid !== wanted.objectid) return null;
      if (!this.#changed(item.key)) return item;
      const { type, offset } = item.key;
      if (offset === 0 && type === 0) return null;
      at = offset === 0 ? key(wanted.objectid, type - 1, TOP) : key(wanted.objectid, type, offset - 1);
    }
  }

  async #nextAfter(wanted: Key, list: readonly Change[]): Promise<Key | null> {
    let { next } = await this.#base.floor(wanted);
    while (next && next.objectid === wanted.objectid && this.#changed(next)) next = (await this.#base.floor(next)).next;
    for (let at = place(list, wanted); at < list.length; at++) {
      const change = list[at] as Change;
      if (!change.item || compareKeys(change.key, wanted) <= 0) continue;
      return next && compareKeys(next, change.key) < 0 ? next : change.key;
    }
    return next;
  }

  /** Of one objectid. */
  async *range(first: Key, last: Key): AsyncGenerator<readonly Item[]> {
    const list = this.#changes.get(first.objectid);
    if (!list) return yield* this.#base.range(first, last);
    const over = list.filter(({ key: at }) => compareKeys(at, first) >= 0 && compareKeys(at, last) <= 0);
    let done = 0;
    for await (const batch of this.#base.range(first, last)) {
      const merged: Item[] = [];
      for (const item of batch) {
        for (; done < over.length && item.compare((over[done] as Change).key) > 0; done++) push(merged, over[done]);
        if (done < over.length && item.compare((over[done] as Change).key) === 0) push(merged, over[done++]);
        else merged.push(item);
      }
      if (merged.length > 0) yield merged;
    }
    const rest: Item[] = [];
    for (; done < over.length; done++) push(rest, over[done]);
    if (rest.length > 0) yield rest;
  }
}

function push(items: Item[], change: Change | undefined): void {
  if (change?.item) items.push(change.item);
}

/** Where a key stands in a list, or would. */
function place(list: readonly Change[], wanted: Key): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareKeys((list[middle] as Change).key, wanted) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function lastOf(list: readonly Change[], wanted: Key): Item | null {
  const start = place(list, wanted);
  const exact = list[start];
  if (exact?.item && compareKeys(exact.key, wanted) === 0) return exact.item;
  for (let at = start - 1; at >= 0; at--) {
    const { item } = list[at] as Change;
    if (item) return item;
  }
  return null;
}
