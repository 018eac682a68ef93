import { key } from "./key.ts";
import { KEY_TYPE, OBJECTID } from "./layout.ts";
import type { Items } from "./tree.ts";
import type { Volume } from "./volume.ts";

/** Checksums of `count` sectors from `start` on: they stand at `at` of `view`, one behind the other. */
export interface SumRun {
  readonly start: number;
  readonly count: number;
  readonly view: DataView;
  readonly at: number;
}

/** The checksums of data, from trees that are asked one after the other (a log's, then the file system's). */
export class Sums {
  readonly #volume: Volume;
  readonly #trees: readonly Items[];

  constructor(volume: Volume, trees: readonly Items[]) {
    this.#volume = volume;
    this.#trees = trees;
  }

  /** Those of the sectors of `[address, address + length)`, in order. Throws `E_BTRFS_CHECKSUM` where one has none. */
  async *of(address: number, length: number): AsyncGenerator<SumRun> {
    const end = address + length;
    for (let at = address; at < end; ) {
      const run = (await this.#find(at, end)) ?? this.#missing(at);
      yield run;
      at += run.count * this.#volume.sb.raw.sectorsize;
    }
  }

  async #find(address: number, end: number): Promise<SumRun | null> {
    const { checksum, raw } = this.#volume.sb;
    for (const tree of this.#trees) {
      const found = tree.floor(key(OBJECTID.extent_csum, KEY_TYPE.extent_csum, address));
      const { item } = found instanceof Promise ? await found : found;
      if (item?.objectid !== OBJECTID.extent_csum || item.type !== KEY_TYPE.extent_csum) continue;
      const index = (address - item.offset) / raw.sectorsize;
      const left = Math.floor(item.size / checksum.size) - index;
      if (!Number.isInteger(index) || left < 1) continue;
      const count = Math.min(left, (end - address) / raw.sectorsize);
      return { start: address, count, view: item.view, at: item.at + index * checksum.size };
    }
    return null;
  }

  #missing(address: number): never {
    throw this.#volume.fault("E_BTRFS_CHECKSUM", {
      thing: `data at address ${address}`,
      what: "it has no checksum, and its file says that it has",
      address,
    });
  }
}
