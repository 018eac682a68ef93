import type { Run } from "../mapped.ts";
import type { Inode } from "./inode.ts";
import { INODE } from "./layout.ts";
import type { BoundedMap } from "./run.ts";
import type { Volume } from "./volume.ts";

const DIRECT = 12;

/** A table of block numbers: the inode's own or an indirect block. */
interface Table {
  readonly view: DataView;
  readonly block: number;
}

/** Direct and indirect blocks (https://docs.kernel.org/filesystems/ext4/ifork.html#direct-indirect-block-addressing). */
export class IndirectMap implements BoundedMap {
  readonly limit: number;
  readonly #volume: Volume;
  readonly #inode: Inode;
  readonly #root: Table;
  readonly #perBlock: number;
  /** The last table read on each level. */
  readonly #path: (Table | undefined)[] = [];

  constructor(volume: Volume, inode: Inode) {
    const bytes = inode.block;
    this.#volume = volume;
    this.#inode = inode;
    this.#root = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), block: 0 };
    this.#perBlock = volume.sb.blockSize / 4;
    this.limit = Math.min(0xffff_ffff, DIRECT + this.#perBlock + this.#perBlock ** 2 + this.#perBlock ** 3);
  }

  find(logical: number): Run | Promise<Run> {
    if (logical < DIRECT) return this.#run(this.#root, logical, DIRECT, logical);
    let within = logical - DIRECT;
    for (let level = 1; level <= 3; level++) {
      const covers = this.#perBlock ** level;
      if (within < covers) return this.#descend(this.#root, DIRECT + level - 1, level, within, logical);
      within -= covers;
    }
    throw this.#bad(this.#root, 0, `block ${logical} of the file is past what can be mapped`);
  }

  /** Follows slot `slot` of `table` down `level` levels to the `within`th block below it. */
  #descend(table: Table, slot: number, level: number, within: number, logical: number): Run | Promise<Run> {
    const covers = this.#perBlock ** level;
    const block = this.#slot(table, slot);
    if (block === 0) return { start: logical, length: covers - within, block: -1, hole: true };
    const known = this.#path[level];
    if (known?.block === block) return this.#step(known, level, within, logical);
    return this.#load(block, level).then((child) => this.#step(child, level, within, logical));
  }

  #step(table: Table, level: number, within: number, logical: number): Run | Promise<Run> {
    if (level === 1) return this.#run(table, within, this.#perBlock, logical);
    const below = this.#perBlock ** (level - 1);
    return this.#descend(table, Math.floor(within / below), level - 1, within % below, logical);
  }

  async #load(block: number, level: number): Promise<Table> {
    const bytes = await this.#volume.block(block);
    const table = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), block };
    this.#path[level] = table;
    return table;
  }

  /** Neighbouring slots from `slot` on that are holes alike or blocks in a row. */
  #run(table: Table, slot: number, end: number, logical: number): Run {
    const block = this.#slot(table, slot);
    let length = 1;
    const follows = () => this.#slot(table, slot + length) === (block === 0 ? 0 : block + length);
    while (slot + length < end && follows()) length++;
    const hole = block === 0;
    return { start: logical, length, block: hole ? -1 : block, hole };
  }

  #slot(table: Table, slot: number): number {
    const block = table.view.getUint32(slot * 4, true);
    if (block === 0 || this.#volume.holdsContent(block, 1)) return block;
    throw this.#bad(table, slot, `block ${block} lies outside the file system or among its own`);
  }

  #bad(table: Table, slot: number, what: string) {
    const { blockSize } = this.#volume.sb;
    const place = table.block === 0 ? "the inode" : `block ${table.block}`;
    const start = table.block === 0 ? this.#inode.offset + INODE.i_block : table.block * blockSize;
    return this.#volume.fault("E_EXT4_INDIRECT", {
      thing: `the block map of inode ${this.#inode.number} in ${place}`,
      what,
      offset: start + slot * 4,
    });
  }
}
