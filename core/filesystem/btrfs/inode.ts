import { typeOfMode } from "../file-type.ts";
import type { FileStat, Timestamp } from "../filesystem.ts";
import { INODE, INODE_ITEM_SIZE } from "./layout.ts";
import type { Item } from "./node.ts";
import type { Volume } from "./volume.ts";

/** What an inode's item says. Throws `E_BTRFS_INODE`. */
export function statOf(volume: Volume, item: Item): FileStat {
  const bad = (what: string) =>
    volume.fault("E_BTRFS_INODE", { thing: `inode ${item.objectid}`, what, address: item.address });
  if (item.size < INODE_ITEM_SIZE) throw bad(`it has ${item.size} bytes`);
  const mode = item.u32(INODE.mode);
  const type = typeOfMode(mode);
  if (!type) throw bad(`its mode is 0o${mode.toString(8)}`);
  const size = item.u64(INODE.size);
  if (size < 0 || !Number.isSafeInteger(size)) throw bad("its size is past 2^53");
  const timeAt = (at: number): Timestamp => {
    const [seconds, nanoseconds] = [item.u64(at), item.u32(at + 8)];
    if (nanoseconds >= 1e9) throw bad(`one of its times has ${nanoseconds} nanoseconds`);
    return { seconds, nanoseconds };
  };
  const born = timeAt(INODE.otime);
  return {
    inode: item.objectid,
    type,
    mode: mode & 0o7777,
    uid: item.u32(INODE.uid),
    gid: item.u32(INODE.gid),
    size,
    links: item.u32(INODE.nlink),
    mtime: timeAt(INODE.mtime),
    atime: timeAt(INODE.atime),
    ctime: timeAt(INODE.ctime),
    btime: born.seconds === 0 && born.nanoseconds === 0 ? null : born,
    device: type === "block" || type === "char" ? deviceOf(item) : null,
  };
}

/** As the kernel holds device numbers: 20 bits for the minor one. */
function deviceOf(item: Item): { major: number; minor: number } {
  const [low, high] = [item.u32(INODE.rdev), item.u32(INODE.rdev + 4)];
  return { major: ((high << 12) | (low >>> 20)) >>> 0, minor: low & 0xfffff };
}
