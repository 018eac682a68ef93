import { lstat } from "node:fs/promises";
import { join } from "node:path";

/** A file of this name in one of the folders of an unpacked tree, the first that has it; null where none has. */
export async function findInRoot(root: string, folders: readonly string[], name: string): Promise<string | null> {
  for (const folder of folders) {
    const path = join(root, folder, name);
    const found = await lstat(path).catch(() => null);
    if (found?.isFile() || found?.isSymbolicLink()) return path;
  }
  return null;
}
