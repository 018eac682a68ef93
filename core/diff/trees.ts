import { toBinary } from "../archive/index.ts";
import { below } from "../disk/node.ts";
import { Tree } from "../filesystem/tree.ts";
import { type Disk, findSystems, isChosen, type TreeChoice, wholeTrees } from "../inspect/index.ts";
import { encodeName } from "../kit/name.ts";
import type { Place } from "./items.ts";
import { type Both, both } from "./unread.ts";

/** What is compared on its own: a system with all that it mounts, else a file system by its device. */
interface OwnTree {
  /** Among the systems; null for a file system of none. */
  readonly system: number | null;
  readonly device: string;
  readonly tree: Tree;
}

/** The one that was chosen; else the systems, then the file systems that none of them mounts. */
export async function treesOf(disk: Disk, choice: TreeChoice): Promise<readonly OwnTree[]> {
  if (isChosen(choice)) return [{ system: null, device: "", tree: await disk.tree(choice) }];
  const { roots } = await findSystems(disk, choice);
  const found: OwnTree[] = roots.map(({ device, tree }, system) => ({ system, device, tree }));
  const mounted = below(
    roots.flatMap(({ device, mounts }) => [device, ...mounts.map((each) => each.device)]),
    disk.nodes,
  );
  for (const { device, fs } of wholeTrees(disk.filesystems).filter((each) => !mounted.has(each.device)))
    found.push({ system: null, device, tree: await Tree.assemble([{ target: "/", fs }], disk.budget) });
  return found;
}

export interface TreePair {
  readonly system: number | null;
  /** Before the paths of one of several file systems: its device, and a colon. */
  readonly prefix: string;
  readonly trees: readonly [before: Tree, after: Tree];
}

/** Those that are in both; that one is not is told by the reports. */
export function pairsOf(before: readonly OwnTree[], after: readonly OwnTree[]): readonly TreePair[] {
  const isAlone = before.length === 1 && after.length === 1;
  return before.flatMap((was): TreePair[] => {
    const is = after.find(
      ({ system, device }) => isAlone || (was.system === system && (system !== null || device === was.device)),
    );
    if (!is) return [];
    const prefix = was.system === null && !isAlone ? `${was.device}:` : "";
    return [{ system: was.system, prefix, trees: [was.tree, is.tree] }];
  });
}

/** Where a path is in each of two; null where there is none. */
export async function placesOf({ trees, prefix }: TreePair, path: string | Uint8Array): Promise<Both<Place | null>> {
  const raw = toBinary(typeof path === "string" ? encodeName(path) : path);
  const folder = `/${raw}/`.replace(/\/+/g, "/");
  const placeIn = async (tree: Tree) => {
    const start = await tree.resolve(path);
    return start && { tree, start, prefix, folder };
  };
  return await both(
    () => placeIn(trees[0]),
    () => placeIn(trees[1]),
  );
}
