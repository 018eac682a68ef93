import type { DirectoryEntry } from "../filesystem.ts";
import type { BlockMap } from "../mapped.ts";
import { blockMap } from "./block-map.ts";
import { refuseEncrypted } from "./content.ts";
import { DirectoryBlocks, type EntryBlock } from "./directory-block.ts";
import { lookupByHash } from "./htree.ts";
import { inlineRest } from "./inline.ts";
import type { Inode } from "./inode.ts";
import { I_BLOCK_SIZE, INODE } from "./layout.ts";
import type { Volume } from "./volume.ts";

/** Bytes of a directory read at once. */
const CHUNK = 64 << 10;
/** Inline directories begin with their parent's inode number. */
const INLINE_START = 4;

/** A directory: its blocks in order, whether they stand in blocks or in the inode. */
export class Directory {
  readonly volume: Volume;
  readonly inode: Inode;
  readonly blocks: DirectoryBlocks;
  /** How many blocks it has; 0 for an inline one. */
  readonly count: number;
  readonly #map: BlockMap | null;
  readonly #firstNames = new Set<string>();

  /** Throws `E_EXT4_NOT_DIRECTORY`, `E_EXT4_ENCRYPTED`, `E_EXT4_DIRECTORY`. */
  constructor(volume: Volume, inode: Inode) {
    this.volume = volume;
    this.inode = inode;
    if (inode.type !== "directory") throw notDirectory(volume, inode);
    refuseEncrypted(volume, inode);
    this.blocks = new DirectoryBlocks(volume, inode);
    const inline = inode.has("inline_data");
    this.#map = inline ? null : blockMap(volume, inode);
    this.count = inline ? 0 : blockCount(volume, inode);
  }

  /**
   * The entries of the blocks that are read at once from `logical` on, in on-disk order, and how many blocks those were. An
   * inline directory has one batch.
   */
  async batch(logical: number): Promise<{ readonly entries: readonly DirectoryEntry[]; readonly blocks: number }> {
    const found = this.#chunk(logical);
    const blocks = found instanceof Promise ? await found : found;
    const entries: DirectoryEntry[] = [];
    for (const block of blocks) {
      const before = entries.length;
      this.blocks.entries(block, entries);
      const first = entries[before];
      if (first && this.count > 1) this.#notAgain(block, first);
    }
    return { entries, blocks: blocks.length };
  }

  /** A block that stands in another one's place as well has the right checksum: both are of this directory. */
  #notAgain(block: EntryBlock, { name }: DirectoryEntry): void {
    const text = String.fromCharCode(...name);
    if (this.#firstNames.has(text)) {
      throw this.blocks.bad(block, 0, "a block's first name was there already: it repeats another");
    }
    this.#firstNames.add(text);
  }

  /** The inode of a name, or null; by the hash tree where there is one that this reader can follow. */
  async lookup(name: Uint8Array): Promise<number | null> {
    if (name.length === 0 || name.length > 255) return null;
    const hashed = this.count > 0 ? await lookupByHash(this, name) : undefined;
    if (hashed !== undefined) return hashed;
    for (let logical = 0; ; ) {
      const blocks = await this.#chunk(logical);
      if (blocks.length === 0) return null;
      for (const block of blocks) {
        const found = this.blocks.find(block, name);
        if (found !== 0) return found;
      }
      logical += blocks.length;
    }
  }

  /** One block, verified. */
  async block(logical: number): Promise<EntryBlock> {
    const [block] = await this.#read(logical, 1);
    return block as EntryBlock;
  }

  /** The blocks that are read at once from `logical` on; none past the last. An inline directory has them all in one. */
  #chunk(logical: number): readonly EntryBlock[] | Promise<readonly EntryBlock[]> {
    if (!this.#map) return logical === 0 ? inlineBlocks(this.volume, this.inode) : [];
    if (logical >= this.count) return [];
    const most = Math.max(1, CHUNK / this.volume.sb.blockSize);
    return this.#read(logical, Math.min(most, this.count - logical));
  }

  /** Up to `most` blocks from `logical` on that lie together. */
  async #read(logical: number, most: number): Promise<readonly EntryBlock[]> {
    const { blockSize } = this.volume.sb;
    const map = this.#map as BlockMap;
    const found = map.find(logical);
    const run = found instanceof Promise ? await found : found;
    if (run.block < 0) throw this.#hole(logical);
    const count = Math.min(most, run.length);
    const reading = this.volume.read(run.block, count);
    const bytes = reading instanceof Promise ? await reading : reading;
    const blocks: EntryBlock[] = [];
    for (let index = 0; index < count; index++) {
      const view = new DataView(bytes.buffer, bytes.byteOffset + index * blockSize, blockSize);
      const block = { view, offset: (run.block + index) * blockSize };
      this.blocks.verify(block, logical + index);
      blocks.push(block);
    }
    return blocks;
  }

  #hole(logical: number) {
    return this.volume.fault("E_EXT4_DIRECTORY", {
      thing: `directory inode ${this.inode.number}`,
      what: `its block ${logical} is missing (a hole)`,
      offset: this.inode.offset,
    });
  }
}

function blockCount(volume: Volume, inode: Inode): number {
  const count = inode.size / volume.sb.blockSize;
  if (Number.isInteger(count) && count > 0 && count <= volume.sb.blocksCount) return count;
  throw volume.fault("E_EXT4_DIRECTORY", {
    thing: `directory inode ${inode.number}`,
    what: `its size of ${inode.size} bytes is impossible`,
    offset: inode.offset,
  });
}

/** Behind the parent's number in `i_block`, then in the attribute `system.data`. */
function inlineBlocks(volume: Volume, inode: Inode): EntryBlock[] {
  const first = inode.bytes(INODE.i_block + INLINE_START, I_BLOCK_SIZE - INLINE_START);
  const rest = inlineRest(volume, inode);
  const parts = rest.length === 0 ? [first] : [first, rest];
  return parts.map((part) => ({
    view: new DataView(part.buffer, part.byteOffset, part.byteLength),
    offset: inode.offset + part.byteOffset - inode.bytes(0, 1).byteOffset,
  }));
}

function notDirectory(volume: Volume, inode: Inode) {
  return volume.fault("E_EXT4_NOT_DIRECTORY", {
    thing: `inode ${inode.number} as a directory`,
    what: `it is a ${inode.type}`,
    offset: inode.offset,
    help: "Name a directory.",
  });
}
