import { Lru } from "../../kit/lru.ts";
import { hex } from "../fault.ts";
import { type ForkMap, readFork } from "./fork-map.ts";
import type { Inode } from "./inode.ts";
import { DA_INFO, DA_NODE, DA_NODE_MAX_DEPTH, DA_SELF } from "./layout.ts";
import type { Piece, Volume } from "./volume.ts";

/** Bytes of blocks kept. */
const KEPT = 512 << 10;

/** A kind of tree: a directory's or the attributes'. */
export interface TreeKind {
  /** Fork block of its root. */
  readonly root: number;
  /** Fork blocks that make one of the tree's. */
  readonly blocks: number;
  /** What its leaves bear. */
  readonly leaves: readonly { readonly old: number; readonly crc: number }[];
  readonly code: string;
  /** What errors call it. */
  readonly thing: string;
}

/** A block of the tree, checked. */
export interface TreeBlock extends Piece {
  /** Fork block. */
  readonly logical: number;
  readonly isNode: boolean;
  /** The next block of the same level; 0 for the last one. */
  readonly next: number;
}

/** The tree of hashes that directories and attributes share (xfs_da_btree): its leaves are linked from left to right. */
export class HashTree {
  readonly #volume: Volume;
  readonly #inode: Inode;
  readonly #map: ForkMap;
  readonly #kind: TreeKind;
  readonly #kept: Lru<number, TreeBlock>;

  constructor(volume: Volume, inode: Inode, map: ForkMap, kind: TreeKind) {
    this.#volume = volume;
    this.#inode = inode;
    this.#map = map;
    this.#kind = kind;
    this.#kept = new Lru(Math.max(2, KEPT / (kind.blocks * volume.sb.blockSize)));
  }

  /** Bytes of a node's or a directory leaf's header. */
  get header(): number {
    return this.#volume.sb.v5 ? 64 : 16;
  }

  /** The first leaf that may hold `hash`. */
  async descend(hash: number): Promise<TreeBlock> {
    let block = await this.#read(this.#kind.root);
    for (let above: number | null = null; block.isNode; ) {
      const { view } = block;
      const room = Math.floor((view.byteLength - this.header) / 8);
      const count = view.getUint16(this.#infoSize);
      const level = view.getUint16(this.#infoSize + 2);
      if (count === 0 || count > room) throw this.bad(block, `a node says ${count} entries of at most ${room}`);
      const fits = above === null ? level >= 1 && level <= DA_NODE_MAX_DEPTH : level === above - 1;
      if (!fits) throw this.bad(block, `a node is of level ${level} below ${above ?? "the root"}`);
      const index = Math.min(firstAtLeast(view, this.header, count, hash), count - 1);
      block = await this.#read(view.getUint32(this.header + index * 8 + 4));
      above = level;
      if (level === 1 && block.isNode) throw this.bad(block, "a node where a leaf is to be");
      if (level > 1 && !block.isNode) throw this.bad(block, "a leaf where a node is to be");
    }
    return block;
  }

  /** Leaves from that on, in their order; throws where they form a loop. */
  async *leavesFrom(first: TreeBlock): AsyncGenerator<TreeBlock> {
    const seen = new Set<number>();
    for (let leaf = first; ; leaf = await this.#read(leaf.next)) {
      if (leaf.isNode) throw this.bad(leaf, "a node among the leaves");
      if (seen.has(leaf.logical)) throw this.bad(leaf, "its leaves form a loop");
      seen.add(leaf.logical);
      yield leaf;
      if (leaf.next === 0) return;
    }
  }

  async #read(logical: number): Promise<TreeBlock> {
    const known = this.#kept.get(logical);
    if (known) return known;
    const { v5 } = this.#volume.sb;
    const { blocks, leaves, thing } = this.#kind;
    const piece = await readFork(this.#volume, this.#map, logical, blocks);
    if (!piece) {
      const what = `block ${logical} is missing (a hole)`;
      throw this.#volume.fault(this.#kind.code, { thing, what, offset: this.#inode.offset });
    }
    const { view } = piece;
    const magic = view.getUint16(DA_INFO.magic);
    const is = (kind: { old: number; crc: number }) => magic === (v5 ? kind.crc : kind.old);
    const isNode = is(DA_NODE);
    if (!isNode && !leaves.some(is)) throw this.bad(piece, `block ${logical} has the magic ${hex(magic)}`);
    this.#volume.verify(piece, DA_SELF, { owner: this.#inode.number, thing });
    const block = { ...piece, logical, isNode, next: view.getUint32(DA_INFO.forw) };
    this.#kept.set(logical, block);
    return block;
  }

  get #infoSize(): number {
    return this.#volume.sb.v5 ? DA_INFO.sizeCrc : DA_INFO.size;
  }

  bad({ offset }: Piece, what: string) {
    return this.#volume.fault(this.#kind.code, { thing: this.#kind.thing, what, offset });
  }
}

/** The first of `count` entries of 8 bytes whose hash is at least that; `count` where there is none. */
export function firstAtLeast(view: DataView, start: number, count: number, hash: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (view.getUint32(start + middle * 8) < hash) low = middle + 1;
    else high = middle;
  }
  return low;
}
