import { lstat, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { GuestkitError } from "../kit/errors.ts";
import { takeLock } from "./lock.ts";

export interface Pruned {
  readonly entries: number;
  readonly bytes: number;
}

/**
 * Removes what nobody has touched for `olderThan` milliseconds from a folder of caches that fill themselves again. What
 * somebody holds the lock of is in use. With `check` it only counts.
 */
export async function pruneFolder(folder: string, olderThan: number, check: boolean): Promise<Pruned> {
  const limit = Date.now() - olderThan;
  let [entries, bytes] = [0, 0];
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((each) => !each.endsWith(".guestkit-lock"))) {
    const path = join(folder, name);
    const { size, touched } = await measure(path);
    if (touched > limit || !(check || (await remove(path)))) continue;
    entries++;
    bytes += size;
  }
  return { entries, bytes };
}

async function remove(path: string): Promise<boolean> {
  try {
    await using _lock = await takeLock(path, { signal: new AbortController().signal }, { patience: 0 });
    await rm(path, { recursive: true, force: true });
    return true;
  } catch (error) {
    if (error instanceof GuestkitError && error.code === "E_LOCKED") return false;
    throw error;
  }
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
