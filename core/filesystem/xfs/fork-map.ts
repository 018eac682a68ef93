import type { BlockMap, Run } from "../mapped.ts";
import { END, ExtentRecords } from "./extent-records.ts";
import { ExtentTree } from "./extent-tree.ts";
import type { Fork, Inode } from "./inode.ts";
import { EXTENT_SIZE, FORMAT } from "./layout.ts";
import { type Piece, piece, type Volume } from "./volume.ts";

/** Where a fork's blocks are. */
export interface ForkMap extends BlockMap {
  /** The first block past all of its extents. */
  end(): number | Promise<number>;
}

/** The map of a fork that stands in blocks of its own. Throws `E_XFS_EXTENTS`. */
export function forkMap(volume: Volume, inode: Inode, fork: Fork): ForkMap {
  return fork.format === FORMAT.btree ? new ExtentTree(volume, inode, fork) : new ExtentList(volume, inode, fork);
}

/** Extents that stand in the inode. */
class ExtentList implements ForkMap {
  readonly #records: ExtentRecords;

  constructor(volume: Volume, inode: Inode, { format, view, extents, offset }: Fork) {
    const bad = (what: string) =>
      volume.fault("E_XFS_EXTENTS", { thing: `the extents of inode ${inode.number}`, what, offset });
    if (format !== FORMAT.extents) throw bad(`they are kept in format ${format}`);
    const room = Math.floor(view.byteLength / EXTENT_SIZE);
    if (extents > room) throw bad(`it says ${extents} of them where ${room} fit`);
    this.#records = new ExtentRecords(volume, view, 0, extents);
    const wrong = this.#records.fault(0);
    if (wrong) throw bad(wrong);
  }

  find(logical: number): Run {
    return this.#records.find(logical, END);
  }

  end(): number {
    const { count } = this.#records;
    return count === 0 ? 0 : this.#records.end(count - 1);
  }
}

/**
 * `count` blocks of a fork from `logical` on as one piece, whose place is that of the first; null where any of them is
 * a hole.
 */
export async function readFork(volume: Volume, map: BlockMap, logical: number, count: number): Promise<Piece | null> {
  const { blockSize } = volume.sb;
  const found = map.find(logical);
  const run = found instanceof Promise ? await found : found;
  if (run.block < 0) return null;
  if (run.length >= count) return volume.read(run.block, count);
  const bytes = new Uint8Array(count * blockSize);
  for (let done = 0; done < count; ) {
    const next = await map.find(logical + done);
    if (next.block < 0) return null;
    const length = Math.min(count - done, next.length);
    bytes.set((await volume.read(next.block, length)).bytes, done * blockSize);
    done += length;
  }
  return piece(bytes, run.block * blockSize);
}
