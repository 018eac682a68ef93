import type { PlainDisk } from "../disk/disk.ts";
import { openDisk } from "../disk/open.ts";
import type { Standing } from "../redo/standing.ts";
import type { ByteSource } from "../source/source.ts";
import { chooseTree } from "./choose.ts";
import type { Disk, OpenOptions, TreeChoice } from "./disk.ts";
import { findRoots, type Roots } from "./roots.ts";

/**
 * Opens an image by its path, or one given as a source (then there is no host: parents are refused).
 * Throws what source, format and partition table say; a damaged file system only carries its `error`.
 */
export function open(image: string | ByteSource, options: OpenOptions = {}): Promise<Disk> {
  return openWatched(image, options, undefined);
}

/** The same; `standing` takes down what is opened, each file before that. */
export async function openWatched(
  image: string | ByteSource,
  options: OpenOptions,
  standing: Standing | undefined,
): Promise<Disk> {
  return withSystems(await openDisk(image, options, standing), options);
}

function withSystems(plain: PlainDisk, choice: TreeChoice): Disk {
  let found: Promise<Roots> | undefined;
  const disk: Disk = {
    ...plain,
    findRoots: () => {
      found ??= findRoots(plain.nodes, plain.budget);
      return found;
    },
    roots: async () => (await disk.findRoots()).roots,
    tree: (own = {}) => chooseTree(disk, { ...choice, ...own }),
  };
  return disk;
}
