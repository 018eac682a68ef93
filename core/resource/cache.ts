import { lstat, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { resolveSettings } from "../host/settings.ts";

/** Folders of the cache that fill themselves again; others (engines that tests drive) are left alone. */
const FOLDERS = ["downloads", "observed", "apt", "tmp", "accelerator"];

export interface Pruned {
  readonly entries: number;
  readonly bytes: number;
}

/** Removes what nobody has touched for `olderThan` milliseconds. With `check` it only counts. */
export async function pruneCache(olderThan: number, check: boolean): Promise<Pruned> {
  const { cacheDir } = resolveSettings();
  const limit = Date.now() - olderThan;
  let [entries, bytes] = [0, 0];
  for (const folder of FOLDERS) {
    for (const name of await readdir(join(cacheDir, folder)).catch(() => [])) {
      const path = join(cacheDir, folder, name);
      const { size, touched } = await measure(path);
      if (touched > limit) continue;
      entries++;
      bytes += size;
      if (!check) await rm(path, { recursive: true, force: true });
    }
  }
  return { entries, bytes };
}

/** Bytes on the disk, and the last time that anything within was read or written (ms). */
async function measure(path: string): Promise<{ size: number; touched: number }> {
  const stat = await lstat(path).catch(() => null);
  if (!stat) return { size: 0, touched: 0 };
  let size = stat.blocks * 512;
  if (!stat.isDirectory()) return { size, touched: Math.max(stat.mtimeMs, stat.atimeMs) };
  let touched = stat.mtimeMs;
  for (const name of await readdir(path).catch(() => [])) {
    const inner = await measure(join(path, name));
    size += inner.size;
    touched = Math.max(touched, inner.touched);
  }
  return { size, touched };
}
