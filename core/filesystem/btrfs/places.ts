import { inodePath } from "./inode-path.ts";
import { key, TOP } from "./key.ts";
import { KEY_TYPE, OBJECTID, ROOT_REF } from "./layout.ts";
import type { Item } from "./node.ts";
import type { Roots } from "./roots.ts";
import type { Items } from "./tree.ts";

/** Where a subvolume stands: an entry of a directory of another one. */
export interface Place {
  readonly parent: number;
  readonly directory: number;
  readonly name: Uint8Array;
}

/** The place of each subvolume that has one; the first one counts, as for the kernel. Throws `E_BTRFS_ROOT`. */
export async function readPlaces(roots: Roots, ids: readonly number[]): Promise<ReadonlyMap<number, Place>> {
  const places = new Map<number, Place>();
  for (const id of ids) {
    if (id === OBJECTID.fs_tree) continue;
    const type = KEY_TYPE.root_backref;
    for await (const [item] of roots.tree.range(key(id, type, 0), key(id, type, TOP))) {
      if (item) places.set(id, decodePlace(roots, item));
      break;
    }
  }
  return places;
}

function decodePlace({ volume }: Roots, item: Item): Place {
  const length = item.size < ROOT_REF.name ? 0 : item.u16(ROOT_REF.name_len);
  if (length === 0 || ROOT_REF.name + length > item.size) {
    const thing = `the place of subvolume ${item.objectid}`;
    throw volume.fault("E_BTRFS_ROOT", { thing, what: `it has ${item.size} bytes`, address: item.address });
  }
  return { parent: item.offset, directory: item.u64(ROOT_REF.dirid), name: item.bytes(ROOT_REF.name, length).slice() };
}

/**
 * Paths from the top level, without a slash before them; those to which none leads are left out. `itemsOf` gives a
 * subvolume's tree.
 */
export async function readPaths(
  places: ReadonlyMap<number, Place>,
  itemsOf: (id: number) => Items | null,
): Promise<ReadonlyMap<number, string>> {
  const paths = new Map<number, string>([[OBJECTID.fs_tree, ""]]);
  const folders = new Map<string, string | null>();
  const pathOf = async ({ parent, directory, name }: Place): Promise<string | null> => {
    const above = paths.get(parent);
    const items = itemsOf(parent);
    if (above === undefined || !items) return null;
    const place = `${parent}/${directory}`;
    const folder = folders.get(place) ?? (await inodePath(items, directory));
    folders.set(place, folder);
    if (folder === null) return null;
    return [above, folder, new TextDecoder().decode(name)].filter((part) => part !== "").join("/");
  };
  for (const id of parentsFirst(places)) {
    const path = await pathOf(places.get(id) as Place);
    if (path !== null) paths.set(id, path);
  }
  return paths;
}

/** Ids in an order in which each comes after the one that it stands in; those in a circle are left out. */
function parentsFirst(places: ReadonlyMap<number, Place>): number[] {
  const children = new Map<number, number[]>();
  for (const [id, { parent }] of places) {
    const peers = children.get(parent);
    if (peers) peers.push(id);
    else children.set(parent, [id]);
  }
  const order: number[] = [];
  const todo: number[] = [OBJECTID.fs_tree];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const below = children.get(next) ?? [];
    order.push(...below);
    todo.push(...below);
  }
  return order;
}
