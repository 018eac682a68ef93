import { join } from "node:path";
import { type Pruned, pruneFolder } from "../host/prune.ts";
import { resolveSettings } from "../host/settings.ts";

/** Folders of the cache that fill themselves again; others (engines that tests drive) are left alone. */
const FOLDERS = [
  "compile",
  "downloads",
  "observed",
  "preflight",
  "inspections",
  "checks",
  "apt",
  "tmp",
  "accelerator",
  "caller",
  "digests",
];

/** Removes what nobody has touched for `olderThan` milliseconds. With `check` it only counts. */
export async function pruneCache(olderThan: number, check: boolean): Promise<Pruned> {
  const { cacheDir } = resolveSettings();
  let [entries, bytes] = [0, 0];
  for (const folder of FOLDERS) {
    const pruned = await pruneFolder(join(cacheDir, folder), olderThan, check);
    entries += pruned.entries;
    bytes += pruned.bytes;
  }
  return { entries, bytes };
}
