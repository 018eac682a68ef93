import { compareKeys, compareStored, type Key } from "./key.ts";
import type { Item, Node, NodeRef } from "./node.ts";
import type { Nodes } from "./nodes.ts";
import type { Volume } from "./volume.ts";

/** The last item that is not past what was wanted, and the key of the one behind it; null at the ends. */
export interface Floor {
  readonly item: Item | null;
  readonly next: Key | null;
}

/** Items in order of their keys: a tree as it is on disk, or with a log's changes over it. */
export interface Items {
  floor(wanted: Key): Floor | Promise<Floor>;
  /** The item of exactly this key, or null. */
  get(wanted: Key): Item | null | Promise<Item | null>;
  /** Items of keys from `first` to `last`, both included, in batches (a block's worth). */
  range(first: Key, last: Key): AsyncGenerator<readonly Item[]>;
}

/** A leaf, and the first key behind it (null at the tree's end). */
interface Leaf {
  readonly node: Node;
  readonly bound: Key | null;
}

/** A tree on disk. What one descent found serves the next one where it stays in the same leaf. */
export class Tree implements Items {
  readonly volume: Volume;
  readonly #nodes: Nodes;
  readonly #root: NodeRef;
  readonly #isOwner: (owner: number) => boolean;
  #recent: Leaf | null = null;

  /** `isOwner`: whose blocks may be in it. */
  constructor(nodes: Nodes, root: NodeRef, isOwner: (owner: number) => boolean) {
    this.volume = nodes.volume;
    this.#nodes = nodes;
    this.#root = root;
    this.#isOwner = isOwner;
  }

  floor(wanted: Key): Floor | Promise<Floor> {
    const found = this.#leaf(wanted);
    return found instanceof Promise ? found.then((leaf) => floorIn(leaf, wanted)) : floorIn(found, wanted);
  }

  get(wanted: Key): Item | null | Promise<Item | null> {
    const found = this.#leaf(wanted);
    return found instanceof Promise ? found.then((leaf) => exact(leaf, wanted)) : exact(found, wanted);
  }

  async *range(first: Key, last: Key): AsyncGenerator<readonly Item[]> {
    for (let from: Key | null = first; from && compareKeys(from, last) <= 0; ) {
      const found = this.#leaf(from);
      const { node, bound }: Leaf = found instanceof Promise ? await found : found;
      const before: number = node.floor(from);
      const start = before >= 0 && compareStored(node.view, node.keyAt(before), from) === 0 ? before : before + 1;
      const batch: Item[] = [];
      for (let slot = start; slot < node.count; slot++) {
        const item = node.item(slot);
        if (item.compare(last) > 0) break;
        batch.push(item);
      }
      if (batch.length > 0) yield batch;
      from = bound;
    }
  }

  #leaf(wanted: Key): Leaf | Promise<Leaf> {
    const recent = this.#recent;
    if (recent && covers(recent, wanted)) return recent;
    return this.#descend(this.#root, wanted, null);
  }

  #descend(ref: NodeRef, wanted: Key, bound: Key | null): Leaf | Promise<Leaf> {
    const found = this.#nodes.get(ref);
    return found instanceof Promise
      ? found.then((node) => this.#within(node, wanted, bound))
      : this.#within(found, wanted, bound);
  }

  /** `bound`: the key of the next block to the right, which this one's keys must not reach. */
  #within(node: Node, wanted: Key, bound: Key | null): Leaf | Promise<Leaf> {
    if (!this.#isOwner(node.owner)) throw this.#bad(node, `it is of tree ${node.owner}`);
    if (bound && node.count > 0 && compareStored(node.view, node.keyAt(node.count - 1), bound) >= 0) {
      throw this.#bad(node, "its keys go past its neighbour's");
    }
    if (node.level === 0) {
      this.#recent = { node, bound };
      return this.#recent;
    }
    const slot = Math.max(0, node.floor(wanted));
    const next = slot + 1 < node.count ? node.key(slot + 1) : bound;
    return this.#descend(node.child(slot), wanted, next);
  }

  #bad(node: Node, what: string) {
    return this.volume.fault("E_BTRFS_NODE", {
      thing: `the tree block at address ${node.address}`,
      what,
      address: node.address,
    });
  }
}

/** Whether the leaf is where `wanted` belongs. */
function covers({ node, bound }: Leaf, wanted: Key): boolean {
  if (node.count === 0 || compareStored(node.view, node.keyAt(0), wanted) > 0) return false;
  return bound === null || compareKeys(wanted, bound) < 0;
}

function floorIn({ node, bound }: Leaf, wanted: Key): Floor {
  const slot = node.floor(wanted);
  return {
    item: slot < 0 ? null : node.item(slot),
    next: slot + 1 < node.count ? node.key(slot + 1) : bound,
  };
}

function exact({ node }: Leaf, wanted: Key): Item | null {
  const slot = node.floor(wanted);
  return slot >= 0 && compareStored(node.view, node.keyAt(slot), wanted) === 0 ? node.item(slot) : null;
}
