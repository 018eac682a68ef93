import { toBinary } from "../archive/index.ts";
import type { Tree } from "../filesystem/tree.ts";
import { type Disk, inspectDisk } from "../inspect/index.ts";
import type { Change } from "./change.ts";
import { compareFiles, type FileOptions, type Place } from "./files.ts";
import { compareReports } from "./systems.ts";

export { type Change, GROUPS, type Group, type Pair } from "./change.ts";

export interface DiffOptions extends FileOptions {
  /** The folder below which files are compared; `/` where left out. */
  readonly path?: string;
}

/**
 * What is not the same in two disks: what their reports say, then files below `path` of their systems, which are paired by
 * their order; of disks without a system those of their only file systems. Throws what reading them throws.
 */
export async function* diffDisks(before: Disk, after: Disk, options: DiffOptions = {}): AsyncGenerator<Change> {
  yield* compareReports(await inspectDisk(before), await inspectDisk(after));
  const [old, now] = [await before.roots(), await after.roots()];
  for (let system = 0; system < Math.max(1, Math.min(old.length, now.length)); system++) {
    const was = await placeOf(old[system]?.tree ?? (await before.tree()), options);
    const is = await placeOf(now[system]?.tree ?? (await after.tree()), options);
    if (was && is) yield* compareFiles(was, is, old.length > 0 ? system : null, options);
    else if (was ?? is) yield missing(was ? "removed" : "added", options, old.length > 0 ? system : null);
  }
}

async function placeOf(tree: Tree, { path = "/" }: DiffOptions): Promise<Place | null> {
  const start = await tree.resolve(path);
  return start && { tree, start, folder: toBinary(new TextEncoder().encode(`/${path}/`)).replace(/\/+/g, "/") };
}

/** The folder itself is in one of them alone. */
function missing(change: Change["change"], { path = "/" }: DiffOptions, system: number | null): Change {
  return { group: "files", change, system, name: toBinary(new TextEncoder().encode(path)), from: null, fields: {} };
}
