import { type Eventual, whenHere } from "../../kit/eventual.ts";
import { dirItems } from "./dir-item.ts";
import { key, TOP } from "./key.ts";
import { KEY_TYPE } from "./layout.ts";
import type { Items } from "./tree.ts";
import type { Volume } from "./volume.ts";

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const NONE: ReadonlyMap<string, Uint8Array> = new Map();

/** Extended attributes as getxattr shows them, sorted by name. Throws `E_BTRFS_ITEM`, `E_BTRFS_XATTR`. */
export function readXattrs(volume: Volume, items: Items, inode: number): Eventual<ReadonlyMap<string, Uint8Array>> {
  return whenHere(items.floor(key(inode, KEY_TYPE.xattr_item, TOP)), ({ item }) =>
    item?.objectid === inode && item.type === KEY_TYPE.xattr_item ? readAll(volume, items, inode) : NONE,
  );
}

async function readAll(volume: Volume, items: Items, inode: number): Promise<ReadonlyMap<string, Uint8Array>> {
  const found: [string, Uint8Array][] = [];
  const type = KEY_TYPE.xattr_item;
  for await (const batch of items.range(key(inode, type, 0), key(inode, type, TOP))) {
    for (const item of batch) {
      for (const { name, data } of dirItems(volume, item)) found.push([decode(name), data.slice()]);
      function decode(name: Uint8Array): string {
        try {
          return strict.decode(name);
        } catch (cause) {
          const thing = `the extended attributes of inode ${inode}`;
          throw volume.fault("E_BTRFS_XATTR", { thing, what: "a name is no UTF-8", address: item.address, cause });
        }
      }
    }
  }
  return new Map(found.sort(([a], [b]) => (a < b ? -1 : 1)));
}
