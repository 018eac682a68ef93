import type { Inode } from "./inode.ts";
import { I_BLOCK_SIZE, XATTR_INDEX_SYSTEM } from "./layout.ts";
import type { Volume } from "./volume.ts";
import { inodeRegion, type XattrEntry, xattrEntries } from "./xattr-entries.ts";

/**
 * Content kept in the inode (https://docs.kernel.org/filesystems/ext4/ifork.html#inline-data): 60 bytes of `i_block`,
 * then the value of `system.data`. Throws `E_EXT4_INLINE`.
 */
export function inlineData(volume: Volume, inode: Inode): Uint8Array {
  const more = inlineRest(volume, inode);
  const data = new Uint8Array(I_BLOCK_SIZE + more.length);
  data.set(inode.block);
  data.set(more, I_BLOCK_SIZE);
  return data;
}

/** The part in `system.data`. */
export function inlineRest(volume: Volume, inode: Inode): Uint8Array {
  const region = inodeRegion(volume, inode);
  const found = region && xattrEntries(volume, region).find(isData);
  if (found?.value) return found.value;
  throw volume.fault("E_EXT4_INLINE", {
    thing: `the inline data of inode ${inode.number}`,
    what: found ? "it stands in another inode" : "the attribute system.data is missing",
    offset: inode.offset,
  });
}

function isData({ index, name }: XattrEntry): boolean {
  return index === XATTR_INDEX_SYSTEM && name.length === 4 && String.fromCharCode(...name) === "data";
}
