/**
 * Numbers below 0 stand for what no inode is: real ones begin at 256. The entry of a subvolume is `-2 * id`; one that leads
 * nowhere any more (a snapshot holds its parent's entries, not the trees below them) is `-2 * directory - 1`, an empty
 * directory with its parent's owner and times, as the kernel shows it.
 */
export type Crossing =
  | { readonly kind: "subvolume"; readonly id: number }
  | { readonly kind: "stub"; readonly directory: number };

export function subvolumeInode(id: number): number {
  return -2 * id;
}

export function stubInode(directory: number): number {
  return -2 * directory - 1;
}

/** What a number below 0 stands for; null for an inode. */
export function crossingOf(inode: number): Crossing | null {
  if (inode >= 0) return null;
  return inode % 2 === 0 ? { kind: "subvolume", id: -inode / 2 } : { kind: "stub", directory: (-inode - 1) / 2 };
}
