import { dirItems, nameHash } from "./dir-item.ts";
import { key, TOP } from "./key.ts";
import { KEY_TYPE, LAST_FREE, OBJECTID, ROOT_ITEM, ROOT_ITEM_SIZE, ROOT_ITEM_V0_SIZE } from "./layout.ts";
import type { Item, NodeRef } from "./node.ts";
import type { Nodes } from "./nodes.ts";
import { Tree } from "./tree.ts";
import type { Volume } from "./volume.ts";

/** A tree as the root tree has it. */
export interface Root {
  readonly id: number;
  readonly ref: NodeRef;
  /** Its root directory's inode. */
  readonly directory: number;
  /** 0 where it is being deleted. */
  readonly refs: number;
  readonly isSnapshot: boolean;
}

/** Whether a tree is the top level's or a subvolume's. */
export function isSubvolume(id: number): boolean {
  return id === OBJECTID.fs_tree || id >= OBJECTID.first_free;
}

/** The tree of trees. */
export class Roots {
  readonly volume: Volume;
  readonly tree: Tree;
  readonly #nodes: Nodes;

  constructor(nodes: Nodes) {
    const { root, root_level, generation } = nodes.volume.sb.raw;
    this.volume = nodes.volume;
    this.#nodes = nodes;
    const ref = { address: root, level: root_level, generation, first: null };
    this.tree = new Tree(nodes, ref, (owner) => owner === OBJECTID.root_tree);
  }

  /** The newest state of a tree; null where there is none. Throws `E_BTRFS_ROOT`. */
  async find(id: number): Promise<Root | null> {
    const { item } = await this.tree.floor(key(id, KEY_TYPE.root_item, TOP));
    if (item?.objectid !== id || item.type !== KEY_TYPE.root_item) return null;
    return decodeRoot(this.volume, item);
  }

  open({ id, ref }: Pick<Root, "id" | "ref">): Tree {
    return new Tree(this.#nodes, ref, isSubvolume(id) ? isSubvolume : (owner) => owner === id);
  }

  /** Every subvolume that is not being deleted, and the top level; in order of their ids. */
  async subvolumes(): Promise<readonly Root[]> {
    const found = new Map<number, Root>();
    const last = key(LAST_FREE, KEY_TYPE.root_item, TOP);
    for await (const batch of this.tree.range(key(OBJECTID.fs_tree, KEY_TYPE.root_item, 0), last)) {
      for (const item of batch) {
        if (item.type !== KEY_TYPE.root_item || !isSubvolume(item.objectid)) continue;
        const root = decodeRoot(this.volume, item);
        if (root.refs > 0) found.set(root.id, root);
      }
    }
    return [...found.values()];
  }

  /** The subvolume that is mounted where no other is asked for: the item "default" of the root tree's own directory. */
  async defaultId(): Promise<number> {
    const name = new TextEncoder().encode("default");
    const at = key(this.volume.sb.raw.root_dir_objectid, KEY_TYPE.dir_item, nameHash(name));
    const item = await this.tree.get(at);
    if (!item) return OBJECTID.fs_tree;
    for (const each of dirItems(this.volume, item)) {
      if (new TextDecoder().decode(each.name) === "default") return each.location.objectid;
    }
    return OBJECTID.fs_tree;
  }
}

/** Throws `E_BTRFS_ROOT`. */
export function decodeRoot(volume: Volume, item: Item): Root {
  const id = item.objectid;
  const bad = (what: string) =>
    volume.fault("E_BTRFS_ROOT", { thing: `the root of tree ${id}`, what, address: item.address });
  if (item.size < ROOT_ITEM_V0_SIZE) throw bad(`it has ${item.size} bytes`);
  const address = item.u64(ROOT_ITEM.bytenr);
  const level = item.u8(ROOT_ITEM.level);
  const generation = item.u64(ROOT_ITEM.generation);
  if (address <= 0 || address % volume.sb.raw.sectorsize !== 0) throw bad(`it leads to ${address}`);
  if (level >= 8) throw bad(`its level is ${level}`);
  if (generation < 0 || generation > volume.sb.raw.generation + 1) throw bad(`its generation is ${generation}`);
  return {
    id,
    ref: { address, level, generation, first: null },
    directory: item.u64(ROOT_ITEM.root_dirid),
    refs: item.u32(ROOT_ITEM.refs),
    isSnapshot: isSnapshot(item, generation),
  };
}

/** Older kernels wrote what stands behind the first part as they found it: then its second generation is another. */
function isSnapshot(item: Item, generation: number): boolean {
  if (item.size < ROOT_ITEM_SIZE || item.u64(ROOT_ITEM.generation_v2) !== generation) return item.offset !== 0;
  return item.bytes(ROOT_ITEM.parent_uuid, 16).some((byte) => byte !== 0);
}
