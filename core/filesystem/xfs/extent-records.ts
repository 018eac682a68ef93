import { getU32 } from "../../kit/unsigned.ts";
import type { Run } from "../mapped.ts";
import { EXTENT_SIZE } from "./layout.ts";
import type { Volume } from "./volume.ts";

/** Past every block that a file can have: its size is below 2^53 bytes. */
export const END = Number.MAX_SAFE_INTEGER;

/**
 * Extents as they stand on disk (xfs_bmbt_rec), 16 bytes each: one bit that says they were never written, 54 of the
 * first block in the file, 52 of that in the file system, 21 of how many. Decoded where one is asked for.
 */
export class ExtentRecords {
  readonly count: number;
  readonly #volume: Volume;
  readonly #view: DataView;
  readonly #start: number;

  /** `count` of them from byte `start` of `view` on, which has been bounded. */
  constructor(volume: Volume, view: DataView, start: number, count: number) {
    this.#volume = volume;
    this.#view = view;
    this.#start = start;
    this.count = count;
  }

  /** First block in the file. */
  first(index: number): number {
    const at = this.#start + index * EXTENT_SIZE;
    return (getU32(this.#view, at) & 0x7fffffff) * 0x80_0000 + (getU32(this.#view, at + 4) >>> 9);
  }

  /** Blocks. */
  length(index: number): number {
    return getU32(this.#view, this.#start + index * EXTENT_SIZE + 12) & 0x1f_ffff;
  }

  /** The first block after it in the file. */
  end(index: number): number {
    return this.first(index) + this.length(index);
  }

  #isUnwritten(index: number): boolean {
    return (getU32(this.#view, this.#start + index * EXTENT_SIZE) & 0x8000_0000) !== 0;
  }

  /** First block in the file system, as it is stored. */
  #stored(index: number): number {
    const at = this.#start + index * EXTENT_SIZE;
    const { high, middle, low } = {
      high: getU32(this.#view, at + 4) & 0x1ff,
      middle: getU32(this.#view, at + 8),
      low: getU32(this.#view, at + 12) >>> 21,
    };
    return high * 0x800_0000_0000 + middle * 0x800 + low;
  }

  /** The run that holds `logical` or the hole there, which ends at `next` where no other extent comes before. */
  find(logical: number, next: number): Run {
    const index = this.#lastAtMost(logical);
    const end = index + 1 < this.count ? this.first(index + 1) : next;
    if (index < 0 || this.end(index) <= logical)
      return { start: logical, length: end - logical, block: -1, hole: true };
    const skip = logical - this.first(index);
    const length = this.length(index) - skip;
    if (this.#isUnwritten(index)) return { start: logical, length, block: -1, hole: false };
    return { start: logical, length, block: this.#volume.block(this.#stored(index)) + skip, hole: false };
  }

  /** The last one that begins at or before `logical`, -1 where there is none. */
  #lastAtMost(logical: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.first(middle) <= logical) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** What is wrong with them, or null: they follow one another, from `after` on, and lie where files may. */
  fault(after: number): string | null {
    let end = after;
    for (let index = 0; index < this.count; index++) {
      const first = this.first(index);
      const length = this.length(index);
      if (length === 0) return `extent ${index} has no blocks`;
      if (first < end) return `extent ${index} begins at block ${first}, where another one is`;
      if (!this.#volume.holds(this.#stored(index), length)) {
        return `extent ${index} leads to ${length} blocks at ${this.#stored(index)}, where no file can have any`;
      }
      end = first + length;
      if (end > END) return `extent ${index} lies past 2^53`;
    }
    return null;
  }
}
