import type { PlainDisk } from "../disk/disk.ts";
import type { ImageOptions } from "../disk/open.ts";
import type { Tree } from "../filesystem/tree.ts";
import type { Root, Roots } from "./roots.ts";

/** Names one file system of a disk. */
export interface TreeChoice {
  /** Number of a partition of the first disk, from 1. */
  readonly partition?: number | undefined;
  /** A device by any of its names: `/dev/sda1`, `sda1`, `/dev/mapper/vg0-root`, `btrfsvol:/dev/sda3/root`, `UUID=...`. */
  readonly filesystem?: string | undefined;
}

export interface OpenOptions extends ImageOptions, TreeChoice {}

/** A disk, and the systems in it. Close it with `await using`. */
export interface Disk extends PlainDisk {
  /** The systems' root file systems with all that fstab mounts. Found once, then kept. */
  roots(): Promise<readonly Root[]>;
  /** The same with what went wrong while looking. */
  findRoots(): Promise<Roots>;
  /**
   * The tree to look into: the file system that was chosen, else the only root, else the only file system, where nothing
   * beside it is locked, damaged or without a reader. Throws `E_TREE_AMBIGUOUS`, `E_TREE_NONE`, `E_TREE_UNKNOWN`, and what
   * a file system that was chosen, or lies beside the only one, has against it.
   */
  tree(choice?: TreeChoice): Promise<Tree>;
}
