import { ExtentMap } from "./extents.ts";
import { IndirectMap } from "./indirect.ts";
import type { Inode } from "./inode.ts";
import type { BlockMap } from "./run.ts";
import type { Volume } from "./volume.ts";

export function blockMap(volume: Volume, inode: Inode): BlockMap {
  return inode.has("extents") ? new ExtentMap(volume, inode) : new IndirectMap(volume, inode);
}
