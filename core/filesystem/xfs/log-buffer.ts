import { BASIC_BLOCK, BMBT, DA_INFO, DIR_BLOCK, DIR_DATA, SYMLINK_MAGIC, XFS_SB_MAGIC } from "./layout.ts";
import { BUF, BUF_CHUNK } from "./log-items.ts";
import type { LogPages } from "./log-pages.ts";
import type { Volume } from "./volume.ts";
import { viewOf } from "./wide.ts";

/** A buffer's description: where it belongs, and the parts of it that were changed. */
export interface BufferItem {
  readonly flags: number;
  /** Bytes from the file system's start. */
  readonly offset: number;
  readonly length: number;
  /** In chunks of 128 bytes: first, count. */
  readonly parts: readonly (readonly [number, number])[];
}

/** Null where it cannot be. */
export function bufferItem({ source }: Volume, description: Uint8Array): BufferItem | null {
  if (description.length < BUF.map) return null;
  const view = viewOf(description);
  const offset = Number(view.getBigUint64(BUF.blkno, true)) * BASIC_BLOCK;
  const length = view.getUint16(BUF.len, true) * BASIC_BLOCK;
  const words = view.getUint32(BUF.mapSize, true);
  if (length === 0 || offset + length > source.size || BUF.map + words * 4 > description.length) return null;
  const parts = [...runs(view, Math.min(words * 32, length / BUF_CHUNK))];
  return { flags: view.getUint16(BUF.flags, true), offset, length, parts };
}

/** Runs of set bits in the map. */
function* runs(view: DataView, bits: number): Generator<readonly [number, number]> {
  const isSet = (bit: number) => ((view.getUint32(BUF.map + (bit >>> 5) * 4, true) >>> (bit & 31)) & 1) === 1;
  for (let bit = 0; bit < bits; ) {
    if (!isSet(bit)) {
      bit++;
      continue;
    }
    const start = bit;
    while (bit < bits && isSet(bit)) bit++;
    yield [start, bit - start];
  }
}

/** Lays the changed parts over the buffer: false where the regions are not what the map says. */
export async function layBuffer(pages: LogPages, item: BufferItem, regions: readonly Uint8Array[]): Promise<boolean> {
  let next = 1;
  for (const [first, count] of item.parts) {
    // A run may have been logged in more than one region.
    for (let done = 0; done < count; next++) {
      const region = regions[next];
      const chunks = Math.min(count - done, Math.floor((region?.length ?? 0) / BUF_CHUNK));
      if (!region || chunks === 0) return false;
      const at = item.offset + (first + done) * BUF_CHUNK;
      await pages.set(at, region.subarray(0, chunks * BUF_CHUNK));
      done += chunks;
    }
  }
  return true;
}

/** Where blocks by their magic have the number of their last change and their file system's UUID. */
const STAMPS: Readonly<Record<number, { readonly lsn: number; readonly uuid: number }>> = {
  // XAGF, XAFL, XAGI
  1480673094: { lsn: 208, uuid: 64 },
  1480672844: { lsn: 24, uuid: 8 },
  1480673097: { lsn: 320, uuid: 296 },
  // Trees of the short form: AB3B, AB3C, IAB3, FIB3, RMB3, R3FC
  ...Object.fromEntries(
    [0x41423342, 0x41423343, 0x49414233, 0x46494233, 0x524d4233, 0x52334643].map((magic) => [
      magic,
      { lsn: 24, uuid: 32 },
    ]),
  ),
  [BMBT.crc]: { lsn: 32, uuid: 40 },
  [SYMLINK_MAGIC]: { lsn: 48, uuid: 16 },
  [DIR_BLOCK.crc]: { lsn: 16, uuid: 24 },
  [DIR_DATA.crc]: { lsn: 16, uuid: 24 },
  // XDF3
  1480869427: { lsn: 16, uuid: 24 },
};
/** Leaves and nodes of the trees of hashes. */
const TREE_MAGICS = [0x3df1, 0x3dff, 0x3ebe, 0x3bee];
/** In the upper bits of a buffer's flags: a symbolic link's, which is always laid over. */
const TYPE_SHIFT = 11;
const TYPE_SYMLINK = 9;

/**
 * The number of a buffer's last change as it stands on disk: null where it tells none, and what the log has is to be
 * laid over in any case.
 */
export function stampOf(volume: Volume, head: Uint8Array, flags: number): bigint | null {
  if (!volume.sb.v5 || flags >>> TYPE_SHIFT === TYPE_SYMLINK) return null;
  const view = viewOf(head);
  const magic = view.getUint32(0);
  const isTree = TREE_MAGICS.includes(view.getUint16(DA_INFO.magic));
  const own = magic === XFS_SB_MAGIC ? { lsn: 240, uuid: volume.sb.incompat("meta_uuid") ? 248 : 32 } : STAMPS[magic];
  const stamp = own ?? (isTree ? { lsn: 24, uuid: 32 } : null);
  if (!stamp || !volume.isOurs(view, stamp.uuid)) return null;
  return view.getBigUint64(stamp.lsn);
}
