import { crc32c } from "../../kit/checksum.ts";
import { type Key, key, TOP } from "./key.ts";
import { INODE_EXTREF, INODE_REF, KEY_TYPE } from "./layout.ts";
import type { Item } from "./node.ts";
import type { Items } from "./tree.ts";

/** A name of an inode, as its own items have it. */
export interface InodeRef {
  readonly directory: number;
  readonly index: number;
  readonly name: Uint8Array;
  /** The bytes of it in the item. */
  readonly start: number;
  readonly end: number;
}

/** The names that an item holds; null where it is malformed. */
export function inodeRefs(item: Item): readonly InodeRef[] | null {
  const isExtended = item.type === KEY_TYPE.inode_extref;
  const fields = isExtended ? INODE_EXTREF : INODE_REF;
  const refs: InodeRef[] = [];
  for (let at = 0; at < item.size; ) {
    if (at + fields.name > item.size) return null;
    const length = item.u16(at + fields.name_len);
    const end = at + fields.name + length;
    if (length === 0 || end > item.size) return null;
    refs.push({
      directory: isExtended ? item.u64(at + INODE_EXTREF.parent) : item.offset,
      index: item.u64(at + fields.index),
      name: item.bytes(at + fields.name, length),
      start: at,
      end,
    });
    at = end;
  }
  return refs;
}

/** Where the names of an inode in one directory stand: plainly, or by their hash. */
export function refKeys(inode: number, directory: number, name: Uint8Array): readonly [Key, Key] {
  return [key(inode, KEY_TYPE.inode_ref, directory), key(inode, KEY_TYPE.inode_extref, extrefHash(directory, name))];
}

/** `btrfs_extref_hash`: the name's CRC, begun with the directory. */
function extrefHash(directory: number, name: Uint8Array): number {
  return crc32c(directory >>> 0, name);
}

/** The keys of all items that hold names of an inode. */
export function allRefs(items: Items, inode: number): AsyncGenerator<readonly Item[]> {
  return items.range(key(inode, KEY_TYPE.inode_ref, 0), key(inode, KEY_TYPE.inode_extref, TOP));
}
