import { GuestkitError } from "../../kit/errors.ts";
import { blockMap } from "./block-map.ts";
import type { InodeTable } from "./inode-table.ts";
import type { Volume } from "./volume.ts";

/** Groups up to which their tables are gathered when a file system is opened (1 TiB with blocks of 4 KiB). */
const MAX_GROUPS = 8192;

/** Blocks of the file system's own, as `[start, end)` in order: no file's content may be there. */
export class SystemZone {
  readonly #zones: readonly (readonly [number, number])[];

  private constructor(zones: readonly (readonly [number, number])[]) {
    this.#zones = zones;
  }

  /**
   * The kernel's block_validity: superblock, descriptors, inode tables and journal. What is damaged in them is left out here, to be
   * refused where it is needed.
   */
  static async of(volume: Volume, table: InodeTable): Promise<SystemZone> {
    const { sb } = volume;
    const descriptors = sb.incompat("meta_bg") ? 0 : Math.ceil((sb.groups * sb.descSize) / sb.blockSize);
    const zones: [number, number][] = [[0, (sb.blockSize === 1024 ? 1 : 0) + 1 + descriptors]];
    const tableBlocks = Math.ceil((sb.inodesPerGroup * sb.inodeSize) / sb.blockSize);
    for (let group = 0; group < Math.min(sb.groups, MAX_GROUPS); group++) {
      const found = await orNull(async () => table.groups.get(group));
      if (found) zones.push([found.inodeTable, found.inodeTable + tableBlocks]);
    }
    if (sb.compat("has_journal") && sb.raw.s_journal_inum !== 0) zones.push(...(await journalBlocks(volume, table)));
    return new SystemZone(merge(zones));
  }

  /** Whether any of `count` blocks from `block` on is one. */
  covers(block: number, count: number): boolean {
    let low = 0;
    let high = this.#zones.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#zones[middle]?.[1] ?? 0) <= block) low = middle + 1;
      else high = middle;
    }
    const zone = this.#zones[low];
    return zone !== undefined && zone[0] < block + count;
  }
}

async function journalBlocks(volume: Volume, table: InodeTable): Promise<[number, number][]> {
  const found: [number, number][] = [];
  await orNull(async () => {
    const inode = await table.get(volume.sb.raw.s_journal_inum);
    const map = blockMap(volume, inode);
    const end = Math.ceil(inode.size / volume.sb.blockSize);
    for (let at = 0; at < Math.min(end, volume.sb.blocksCount); ) {
      const run = await map.find(at);
      if (run.block >= 0) found.push([run.block, run.block + Math.min(run.length, end - at)]);
      at = run.start + run.length;
    }
  });
  return found;
}

async function orNull<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof GuestkitError) return null;
    throw error;
  }
}

function merge(zones: readonly (readonly [number, number])[]): [number, number][] {
  const merged: [number, number][] = [];
  for (const [start, end] of zones.toSorted((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else merged.push([start, end]);
  }
  return merged;
}
