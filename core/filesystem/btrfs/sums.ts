import { type Eventual, whenHere } from "../../kit/eventual.ts";
import { key } from "./key.ts";
import { KEY_TYPE, OBJECTID } from "./layout.ts";
import type { Item } from "./node.ts";
import type { Items } from "./tree.ts";
import type { Volume } from "./volume.ts";

/** Checksums of `count` sectors: they stand at `at` of `view`, one behind the other. */
export interface SumRun {
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

  /** Those of the sectors from `address` on, up to `end` or as many as stand together. Throws `E_BTRFS_CHECKSUM` where it has none. */
  of(address: number, end: number): Eventual<SumRun> {
    return this.#find(0, address, end);
  }

  #find(index: number, address: number, end: number): Eventual<SumRun> {
    const tree = this.#trees[index] ?? this.#missing(address);
    const found = tree.floor(key(OBJECTID.extent_csum, KEY_TYPE.extent_csum, address));
    return whenHere(found, ({ item }) => this.#runIn(item, address, end) ?? this.#find(index + 1, address, end));
  }

  #runIn(item: Item | null, address: number, end: number): SumRun | null {
    const { checksum, raw } = this.#volume.sb;
    if (item?.objectid !== OBJECTID.extent_csum || item.type !== KEY_TYPE.extent_csum) return null;
    const index = (address - item.offset) / raw.sectorsize;
    const left = Math.floor(item.size / checksum.size) - index;
    if (!Number.isInteger(index) || left < 1) return null;
    const count = Math.min(left, (end - address) / raw.sectorsize);
    return { count, view: item.view, at: item.at + index * checksum.size };
  }

  #missing(address: number): never {
    throw this.#volume.fault("E_BTRFS_CHECKSUM", {
      thing: `data at address ${address}`,
      what: "it has no checksum, and its file says that it has",
      address,
    });
  }
}
