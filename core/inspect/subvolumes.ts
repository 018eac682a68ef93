import type { DeviceNode, Readable } from "../disk/node.ts";
import type { Tree } from "../filesystem/tree.ts";
import { readFstab } from "../guest/fstab.ts";

/** BTRFS_FS_TREE_OBJECTID: the topmost tree, which `subvolid=0` means as well. */
const TOP = 5;

export function subvolumesOf({ device }: DeviceNode, nodes: readonly DeviceNode[]): readonly DeviceNode[] {
  return nodes.filter(({ kind, on }) => kind === "subvolume" && on[0] === device);
}

/**
 * What mounting a device with fstab's options gives: the tree that `subvol=` or `subvolid=` names, else the device as it
 * is; null where there is no such tree. Other file systems take these options for nothing.
 */
export function subvolumeOf(
  device: DeviceNode,
  options: readonly string[],
  nodes: readonly DeviceNode[],
): DeviceNode | null {
  const subvolumes = subvolumesOf(device, nodes);
  const wanted = wantedOf(options);
  if (subvolumes.length === 0 || !wanted) return device;
  const found = subvolumes.find(({ subvolume }) =>
    wanted.path === null ? subvolume?.id === wanted.id : subvolume?.path === wanted.path,
  );
  // The topmost tree has a node of its own only where another one is the default.
  const isTop = wanted.path === null ? wanted.id === TOP : wanted.path === "";
  return found ?? (isTop ? device : null);
}

/** mount(8): the path goes first. */
function wantedOf(options: readonly string[]): { readonly path: string | null; readonly id: number } | null {
  const value = (name: string) => options.findLast((each) => each.startsWith(`${name}=`))?.slice(name.length + 1);
  const path = value("subvol")?.split("/").filter(Boolean).join("/");
  const id = value("subvolid");
  if (path !== undefined) return { path, id: TOP };
  if (id === undefined || !/^(?:0x[0-9a-f]+|\d+)$/i.test(id)) return null;
  return { path: null, id: Number(id) || TOP };
}

/** What is known of a system so far. */
interface Found {
  readonly tree: Tree;
}

/**
 * The systems of a file system that holds trees of their own. Where a system's fstab names a tree as its root, that one
 * counts; else the one that is mounted by default, and without such a one whatever is no snapshot. Snapshots count only
 * where there is nothing else and their own fstab names them, as after a roll-back.
 */
export async function systemsAmong<T extends Found>(
  device: Readable,
  subvolumes: readonly Readable[],
  systemOn: (node: Readable) => Promise<T | null>,
): Promise<readonly { readonly node: Readable; readonly system: T }[]> {
  const usual = subvolumes.find(({ subvolume }) => subvolume?.isDefault) ?? device;
  const others = subvolumes.filter((each) => each !== usual && each.subvolume?.isSnapshot === false);
  const found = new Map<Readable, T>();
  for (const node of [usual, ...others]) {
    const system = await systemOn(node);
    if (!system) continue;
    const named = await rootNamedBy(system.tree, device, subvolumes);
    const other = named && named !== node ? await systemOn(named) : null;
    if (named && other) found.set(named, other);
    else if (named || !found.has(usual)) found.set(node, system);
  }
  if (found.size === 0) {
    for (const node of subvolumes.filter(({ subvolume }) => subvolume?.isSnapshot)) {
      const system = await systemOn(node);
      if (system && (await rootNamedBy(system.tree, device, subvolumes)) === node) found.set(node, system);
    }
  }
  return [...found].map(([node, system]) => ({ node, system }));
}

/** The tree that a system's fstab says is its root; null where it names none that is there. */
async function rootNamedBy(tree: Tree, device: Readable, subvolumes: readonly Readable[]): Promise<Readable | null> {
  const entry = (await readFstab(tree)).findLast(({ target }) => target === "/");
  if (!entry || !wantedOf(entry.options)) return null;
  const found = subvolumeOf(device, entry.options, subvolumes);
  return found?.fs ? (found as Readable) : null;
}
