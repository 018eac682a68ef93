import { crc32c } from "../../kit/checksum.ts";
import type { FileType } from "../filesystem.ts";
import { type Key, readKey } from "./key.ts";
import { DIR_ITEM, NAME_MAX } from "./layout.ts";
import type { Item } from "./node.ts";
import type { Volume } from "./volume.ts";

/** A name, what it leads to, and for attributes the value. */
export interface DirItem {
  readonly location: Key;
  readonly type: number;
  readonly name: Uint8Array;
  readonly data: Uint8Array;
}

/** By which a name's items are found (`btrfs_name_hash`). */
export function nameHash(name: Uint8Array): number {
  return crc32c(0xfffffffe, name);
}

/** `type` of a directory's entry. */
export const ENTRY_TYPES: Readonly<Record<number, FileType>> = {
  1: "file",
  2: "directory",
  3: "char",
  4: "block",
  5: "fifo",
  6: "socket",
  7: "symlink",
};
/** Set where the name is encrypted. */
export const ENCRYPTED_BIT = 0x80;

/** What an item holds: names whose hashes are equal stand one behind the other. Throws `E_BTRFS_ITEM`. */
export function dirItems(volume: Volume, item: Item): readonly DirItem[] {
  const found: DirItem[] = [];
  for (let at = 0; at < item.size; ) {
    const left = item.size - at - DIR_ITEM.name;
    const nameLength = left < 0 ? 0 : item.u16(at + DIR_ITEM.name_len);
    const dataLength = left < 0 ? 0 : item.u16(at + DIR_ITEM.data_len);
    if (nameLength === 0 || nameLength > NAME_MAX || nameLength + dataLength > left) {
      throw volume.fault("E_BTRFS_ITEM", {
        thing: `the names of ${item.objectid} at ${item.offset}`,
        what: "one of them is malformed",
        address: item.address + at,
      });
    }
    found.push({
      location: readKey(item.view, item.at + at + DIR_ITEM.location),
      type: item.u8(at + DIR_ITEM.type),
      name: item.bytes(at + DIR_ITEM.name, nameLength),
      data: item.bytes(at + DIR_ITEM.name + nameLength, dataLength),
    });
    at += DIR_ITEM.name + nameLength + dataLength;
  }
  return found;
}
