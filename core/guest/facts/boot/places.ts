import { Tree } from "../../../filesystem/tree.ts";
import type { Known } from "../fact.ts";

/** Where a boot loader looks: a folder of the guest, or a partition that its fstab does not mount. */
export interface BootPlace {
  readonly tree: Tree;
  /** Without a slash at its end: `/boot`, empty for a partition's own root. */
  readonly folder: string;
}

const FOLDERS = ["/boot", "/efi", "/boot/efi"];

/** Folders of the guest first; partitions stand behind them, by paths of their own. */
export async function bootPlaces({
  tree,
  bootPartitions,
}: Pick<Known, "tree" | "bootPartitions">): Promise<readonly BootPlace[]> {
  const mounted = new Set(tree.mounts.map(({ fs }) => fs));
  const places: BootPlace[] = FOLDERS.map((folder) => ({ tree, folder }));
  for (const fs of bootPartitions) {
    if (!mounted.has(fs)) places.push({ tree: await Tree.assemble([{ target: "/", fs }], tree.budget), folder: "" });
  }
  return places;
}
