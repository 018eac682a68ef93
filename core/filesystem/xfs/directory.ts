import { Lru } from "../../kit/lru.ts";
import type { DirectoryEntry } from "../filesystem.ts";
import { type DataBlock, DirectoryBlocks } from "./directory-block.ts";
import { isDot, isSame } from "./directory-entry.ts";
import { shortEntries } from "./directory-short.ts";
import { type ForkMap, forkMap, readFork } from "./fork-map.ts";
import { firstAtLeast, HashTree } from "./hash-tree.ts";
import type { Inode } from "./inode.ts";
import { DIR_DATA_ALIGN, DIR_LEAF_OFFSET, DIR_LEAF1, DIR_LEAFN, FORMAT } from "./layout.ts";
import { nameHash } from "./name-hash.ts";
import type { Piece, Volume } from "./volume.ts";
import { piece } from "./volume.ts";

/** Bytes of a directory read at once. */
const CHUNK = 64 << 10;
/** Bytes of blocks kept between look-ups. */
const KEPT = 512 << 10;

/** A directory, whether it stands in its inode or in blocks. */
export interface Directory {
  /** Batches of entries in on-disk order. */
  entries(): AsyncIterable<readonly DirectoryEntry[]>;
  /** The inode of a name, or null. */
  lookup(name: Uint8Array): Promise<number | null>;
}

/** Throws `E_XFS_NOT_DIRECTORY`, `E_XFS_DIRECTORY`, `E_XFS_EXTENTS`. */
export function openDirectory(volume: Volume, inode: Inode): Directory {
  if (inode.type !== "directory") throw notDirectory(volume, inode);
  return inode.data.format === FORMAT.local ? shortDirectory(volume, inode) : new BlockDirectory(volume, inode);
}

function shortDirectory(volume: Volume, inode: Inode): Directory {
  const entries = shortEntries(volume, inode);
  return {
    entries: async function* () {
      if (entries.length > 0) yield entries;
    },
    lookup: async (name) => entries.find((entry) => isSame(entry.name, name))?.inode ?? null,
  };
}

class BlockDirectory implements Directory {
  readonly #volume: Volume;
  readonly #inode: Inode;
  readonly #map: ForkMap;
  readonly #blocks: DirectoryBlocks;
  /** Fork blocks that make one of the directory's. */
  readonly #per: number;
  /** Fork block where the hash tree begins. */
  readonly #leafStart: number;
  readonly #kept: Lru<number, DataBlock>;
  readonly #tree: HashTree;

  constructor(volume: Volume, inode: Inode) {
    const { blockSize, directoryBlockSize } = volume.sb;
    this.#volume = volume;
    this.#inode = inode;
    this.#map = forkMap(volume, inode, inode.data);
    this.#blocks = new DirectoryBlocks(volume, inode);
    this.#per = directoryBlockSize / blockSize;
    this.#leafStart = DIR_LEAF_OFFSET / blockSize;
    this.#kept = new Lru(KEPT / directoryBlockSize);
    this.#tree = new HashTree(volume, inode, this.#map, {
      root: this.#leafStart,
      blocks: this.#per,
      leaves: [DIR_LEAF1, DIR_LEAFN],
      code: "E_XFS_DIRECTORY",
      thing: `the hash tree of directory inode ${inode.number}`,
    });
  }

  async *entries(): AsyncGenerator<readonly DirectoryEntry[]> {
    const single = (await this.#map.end()) === this.#per;
    for (let logical = 0; logical < this.#leafStart; ) {
      const run = await this.#map.find(logical);
      if (run.hole) {
        if (run.length < this.#per) throw this.#cutOff(logical);
        logical += Math.floor(run.length / this.#per) * this.#per;
        continue;
      }
      const whole = await this.#read(logical, run.length);
      const batch: DirectoryEntry[] = [];
      for (const each of this.#split(whole)) this.#blocks.entries(this.#blocks.check(each, single), batch);
      if (batch.length > 0) yield batch;
      logical += whole.bytes.length / this.#volume.sb.blockSize;
    }
  }

  /** As many of the directory's blocks as lie together, at least one. */
  async #read(logical: number, together: number): Promise<Piece> {
    const most = Math.max(1, Math.floor(CHUNK / this.#volume.sb.directoryBlockSize));
    const left = Math.floor((this.#leafStart - logical) / this.#per);
    const count = Math.max(1, Math.min(most, left, Math.floor(together / this.#per)));
    const found = await readFork(this.#volume, this.#map, logical, count * this.#per);
    if (found) return found;
    throw this.#cutOff(logical);
  }

  *#split({ bytes, offset }: Piece): Generator<Piece> {
    const { directoryBlockSize } = this.#volume.sb;
    for (let at = 0; at < bytes.length; at += directoryBlockSize) {
      yield piece(bytes.subarray(at, at + directoryBlockSize), offset + at);
    }
  }

  async lookup(name: Uint8Array): Promise<number | null> {
    if (name.length === 0 || name.length > 255 || isDot(name)) return null;
    if (this.#volume.sb.anyCase) return this.#search(name);
    const single = (await this.#map.end()) === this.#per;
    for await (const address of single ? this.#inBlock(name) : this.#inTree(name)) {
      const at = address * DIR_DATA_ALIGN;
      const { directoryBlockSize } = this.#volume.sb;
      const within = at % directoryBlockSize;
      const block = await this.#block((at - within) / directoryBlockSize, single);
      const found = this.#blocks.match(block, within, name);
      if (found !== null) return found;
    }
    return null;
  }

  /** Without hashes: those of names in any case are computed otherwise. */
  async #search(name: Uint8Array): Promise<number | null> {
    for await (const batch of this.entries()) {
      const found = batch.find((entry) => isSame(entry.name, name));
      if (found) return found.inode;
    }
    return null;
  }

  /** Addresses of entries whose names have the same hash, from the end of the only block. */
  async *#inBlock(name: Uint8Array): AsyncGenerator<number> {
    const { view, end } = await this.#block(0, true);
    yield* addresses(view, end, (view.byteLength - 8 - end) / 8, nameHash(name));
  }

  async *#inTree(name: Uint8Array): AsyncGenerator<number> {
    const hash = nameHash(name);
    const tree = this.#tree;
    for await (const leaf of tree.leavesFrom(await tree.descend(hash))) {
      const { view } = leaf;
      const room = Math.floor((view.byteLength - tree.header) / 8);
      const count = view.getUint16(this.#volume.sb.v5 ? 56 : 12);
      if (count > room) throw tree.bad(leaf, `a leaf says ${count} entries of at most ${room}`);
      yield* addresses(view, tree.header, count, hash);
      if (count > 0 && view.getUint32(tree.header + (count - 1) * 8) > hash) return;
    }
  }

  /** One block with entries, by its place among them. */
  async #block(index: number, single: boolean): Promise<DataBlock> {
    const known = this.#kept.get(index);
    if (known) return known;
    const logical = index * this.#per;
    const found = logical < this.#leafStart ? await readFork(this.#volume, this.#map, logical, this.#per) : null;
    if (!found) throw this.#cutOff(logical);
    const block = this.#blocks.check(found, single);
    this.#kept.set(index, block);
    return block;
  }

  #cutOff(logical: number) {
    return this.#volume.fault("E_XFS_DIRECTORY", {
      thing: `directory inode ${this.#inode.number}`,
      what: `its block ${logical} is missing (a hole)`,
      offset: this.#inode.offset,
    });
  }
}

/** Of entries of 8 bytes, sorted by hash, the addresses of those with that hash; 0 is an entry that was removed. */
function* addresses(view: DataView, start: number, count: number, hash: number): Generator<number> {
  for (let index = firstAtLeast(view, start, count, hash); index < count; index++) {
    if (view.getUint32(start + index * 8) !== hash) return;
    const address = view.getUint32(start + index * 8 + 4);
    if (address !== 0) yield address;
  }
}

function notDirectory(volume: Volume, inode: Inode) {
  return volume.fault("E_XFS_NOT_DIRECTORY", {
    thing: `inode ${inode.number} as a directory`,
    what: `it is a ${inode.type}`,
    offset: inode.offset,
    help: "Name a directory.",
  });
}
