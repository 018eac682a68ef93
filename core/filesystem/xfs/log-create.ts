import { checksumOf } from "./checksum.ts";
import { INODE, XFS_DINODE_MAGIC } from "./layout.ts";
import { ICREATE } from "./log-items.ts";
import type { LogPages } from "./log-pages.ts";
import type { Volume } from "./volume.ts";
import { viewOf } from "./wide.ts";

/** Blocks that were made to hold inodes, none of them in use yet. */
export interface CreateItem {
  readonly group: number;
  /** Within its group. */
  readonly block: number;
  readonly blocks: number;
  readonly generation: number;
}

/** Null where it cannot be. */
export function createItem(volume: Volume, description: Uint8Array): CreateItem | null {
  if (description.length < ICREATE.size) return null;
  const { sb } = volume;
  const view = viewOf(description);
  const group = view.getUint32(ICREATE.ag);
  const block = view.getUint32(ICREATE.agbno);
  const blocks = view.getUint32(ICREATE.length);
  const fits =
    group < sb.agCount &&
    block + blocks <= volume.groupLength(group) &&
    view.getUint32(ICREATE.isize) === sb.inodeSize &&
    blocks * sb.inodesPerBlock === view.getUint32(ICREATE.count) &&
    blocks * sb.blockSize <= 4 << 20;
  return fits ? { group, block, blocks, generation: view.getUint32(ICREATE.gen) } : null;
}

export async function layCreate(volume: Volume, pages: LogPages, item: CreateItem): Promise<void> {
  const { sb } = volume;
  for (let index = 0; index < item.blocks; index++) {
    const bytes = new Uint8Array(sb.blockSize);
    const first = (item.group * sb.agStride + item.block + index) * sb.inodesPerBlock;
    for (let slot = 0; slot < sb.inodesPerBlock; slot++) {
      freeInode(volume, bytes.subarray(slot * sb.inodeSize, (slot + 1) * sb.inodeSize), first + slot, item.generation);
    }
    await pages.set((item.group * sb.agBlocks + item.block + index) * sb.blockSize, bytes);
  }
}

function freeInode({ sb }: Volume, bytes: Uint8Array, number: number, generation: number): void {
  const view = viewOf(bytes);
  view.setUint16(INODE.di_magic, XFS_DINODE_MAGIC);
  view.setUint8(INODE.di_version, sb.v5 ? 3 : 2);
  view.setUint32(INODE.di_gen, generation);
  view.setUint32(INODE.di_next_unlinked, 0xffffffff);
  if (!sb.v5) return;
  view.setBigUint64(INODE.di_ino, BigInt(number));
  for (const [index, word] of sb.metaUuid.entries()) view.setUint32(INODE.di_uuid + index * 4, word);
  view.setUint32(INODE.di_crc, checksumOf(bytes, INODE.di_crc), true);
}
