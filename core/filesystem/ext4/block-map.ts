import { ExtentMap } from "./extents.ts";
import { IndirectMap } from "./indirect.ts";
import type { Inode } from "./inode.ts";
import type { BoundedMap } from "./run.ts";
import type { Volume } from "./volume.ts";

export function blockMap(volume: Volume, inode: Inode): BoundedMap {
  return inode.has("extents") ? new ExtentMap(volume, inode) : new IndirectMap(volume, inode);
}
