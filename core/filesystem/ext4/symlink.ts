import { type Eventual, whenHere } from "../../kit/eventual.ts";
import { openContent, refuseEncrypted } from "./content.ts";
import type { Inode } from "./inode.ts";
import { I_BLOCK_SIZE } from "./layout.ts";
import type { Volume } from "./volume.ts";

/**
 * Where a symbolic link leads: kept in `i_block` when it is short, else in a block or inline.
 * Throws `E_EXT4_NOT_SYMLINK`, `E_EXT4_ENCRYPTED`, `E_EXT4_SYMLINK`.
 */
export function readSymlink(volume: Volume, inode: Inode): Eventual<Uint8Array> {
  const bad = (what: string, code = "E_EXT4_SYMLINK") =>
    volume.fault(code, { thing: `the symbolic link in inode ${inode.number}`, what, offset: inode.offset });
  if (inode.type !== "symlink") throw bad(`it is a ${inode.type}`, "E_EXT4_NOT_SYMLINK");
  refuseEncrypted(volume, inode);
  if (inode.size === 0 || inode.size > 4095) throw bad(`its target has ${inode.size} bytes`);
  const read = isFast(volume, inode) ? fastTarget(inode) : openContent(volume, inode).read(0, inode.size);
  return whenHere(read, (target) => {
    if (target.includes(0)) throw bad("its target is cut off by a NUL");
    return target.slice();
  });
}

/** The kernel's own rule (ext4_inode_is_fast_symlink): with ea_inode the blocks of attribute inodes count too. */
function isFast(volume: Volume, inode: Inode): boolean {
  if (inode.has("inline_data") || inode.has("extents") || inode.size >= I_BLOCK_SIZE) return false;
  return volume.sb.incompat("ea_inode") || !inode.hasBlocks;
}

function fastTarget(inode: Inode): Uint8Array {
  return inode.block.subarray(0, inode.size);
}
