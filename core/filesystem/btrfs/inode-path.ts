import { allRefs, type InodeRef, inodeRefs } from "./inode-refs.ts";
import { OBJECTID } from "./layout.ts";
import type { Items } from "./tree.ts";

/** Folders that may lie in one another. */
const MAX_DEPTH = 4096;

/** The path of a directory within its subvolume, without a slash before it (lossy); null where none leads to it. */
export async function inodePath(items: Items, directory: number): Promise<string | null> {
  const names: string[] = [];
  for (let inode = directory; inode !== OBJECTID.first_free; ) {
    const up = await parentOf(items, inode);
    if (!up || names.length === MAX_DEPTH) return null;
    names.push(new TextDecoder().decode(up.name));
    inode = up.directory;
  }
  return names.reverse().join("/");
}

async function parentOf(items: Items, inode: number): Promise<InodeRef | null> {
  for await (const [item] of allRefs(items, inode)) {
    return (item && inodeRefs(item)?.[0]) ?? null;
  }
  return null;
}
