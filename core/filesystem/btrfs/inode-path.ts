import { key, TOP } from "./key.ts";
import { INODE_EXTREF, INODE_REF, KEY_TYPE, OBJECTID } from "./layout.ts";
import type { Item } from "./node.ts";
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
    inode = up.parent;
  }
  return names.reverse().join("/");
}

async function parentOf(items: Items, inode: number): Promise<{ parent: number; name: Uint8Array } | null> {
  const { inode_ref, inode_extref } = KEY_TYPE;
  for await (const [item] of items.range(key(inode, inode_ref, 0), key(inode, inode_extref, TOP))) {
    return item ? decodeRef(item) : null;
  }
  return null;
}

function decodeRef(item: Item): { parent: number; name: Uint8Array } | null {
  const isExtended = item.type === KEY_TYPE.inode_extref;
  const fields = isExtended ? INODE_EXTREF : INODE_REF;
  if (item.size < fields.name) return null;
  const length = item.u16(fields.name_len);
  if (length === 0 || fields.name + length > item.size) return null;
  return { parent: isExtended ? item.u64(INODE_EXTREF.parent) : item.offset, name: item.bytes(fields.name, length) };
}
