import { hex } from "../fault.ts";
import type { BlockMap, Run } from "../mapped.ts";
import { END, ExtentRecords } from "./extent-records.ts";
import type { Fork, Inode } from "./inode.ts";
import { BMBT, BTREE, BTREE_SELF, EXTENT_SIZE, MAX_LEVELS } from "./layout.ts";
import type { Piece, Volume } from "./volume.ts";
import { readWide } from "./wide.ts";

/** A node above the leaves, checked: keys of 8 bytes, and as many addresses further on. */
interface Node {
  readonly view: DataView;
  readonly level: number;
  readonly count: number;
  readonly keys: number;
  readonly pointers: number;
  /** Bytes from the file system's start. */
  readonly offset: number;
}

/** A leaf, checked. */
interface Leaf {
  readonly block: number;
  readonly records: ExtentRecords;
  /** The next leaf's block; null for the last one. */
  readonly next: number | null;
  readonly offset: number;
}

/** Extents in a tree of their own (xfs_bmbt): its root in the inode, its leaves linked from left to right. */
export class ExtentTree implements BlockMap {
  readonly #volume: Volume;
  readonly #inode: Inode;
  readonly #fork: Fork;
  readonly #root: Node;
  /** The last node read on each level above the leaves, by its block. */
  readonly #path: ({ readonly block: number; readonly node: Node } | undefined)[] = [];
  #leaf: Leaf | undefined;
  #counted: Promise<number> | undefined;

  /** Throws `E_XFS_EXTENTS`. */
  constructor(volume: Volume, inode: Inode, fork: Fork) {
    this.#volume = volume;
    this.#inode = inode;
    this.#fork = fork;
    this.#root = this.#rootNode();
  }

  async find(logical: number): Promise<Run> {
    await this.end();
    let node = this.#root;
    for (let next = END; ; ) {
      const index = Math.max(0, lastAtMost(node, logical));
      if (index + 1 < node.count) next = Math.min(next, readWide(node.view, node.keys + (index + 1) * 8));
      const block = this.#pointer(node, index);
      if (node.level > 1) node = await this.#child(node, block);
      else return (await this.#readLeaf(block)).records.find(logical, next);
    }
  }

  /** The first block past all extents: every leaf is read once, and what they hold counted as the inode counts it. */
  end(): Promise<number> {
    this.#counted ??= this.#count();
    return this.#counted;
  }

  async #count(): Promise<number> {
    let node = this.#root;
    while (node.level > 1) node = await this.#child(node, this.#pointer(node, 0));
    let end = 0;
    let extents = 0;
    for (let block: number | null = this.#pointer(node, 0); block !== null; ) {
      const leaf: Leaf = await this.#readLeaf(block);
      const { records } = leaf;
      if (records.count > 0 && records.first(0) < end)
        throw this.#bad(leaf.offset, "its leaves overlap, or form a loop");
      if (records.count === 0) throw this.#bad(leaf.offset, "a leaf without extents");
      end = records.end(records.count - 1);
      extents += records.count;
      block = leaf.next;
    }
    if (extents === this.#fork.extents) return end;
    throw this.#bad(this.#fork.offset, `it holds ${extents} extents and its inode says ${this.#fork.extents}`);
  }

  /** xfs_bmdr_block: the level and how many, then as many keys as have room, then addresses. */
  #rootNode(): Node {
    const { view, offset } = this.#fork;
    const room = Math.floor((view.byteLength - 4) / 16);
    const level = view.byteLength < 20 ? 0 : view.getUint16(0);
    const count = level === 0 ? 0 : view.getUint16(2);
    if (level === 0 || level > MAX_LEVELS) throw this.#bad(offset, `its root says ${level} levels`);
    if (count === 0 || count > room) throw this.#bad(offset, `its root says ${count} entries of at most ${room}`);
    return this.#sorted({ view, level, count, keys: 4, pointers: 4 + room * 8, offset });
  }

  async #child(parent: Node, block: number): Promise<Node> {
    const known = this.#path[parent.level];
    if (known?.block === block) return known.node;
    const { piece, count, room, header } = await this.#readBlock(block, parent.level - 1);
    const { view, offset } = piece;
    const level = parent.level - 1;
    const node = this.#sorted({ view, level, count, keys: header, pointers: header + room * 8, offset });
    this.#path[parent.level] = { block, node };
    return node;
  }

  async #readLeaf(block: number): Promise<Leaf> {
    if (this.#leaf?.block === block) return this.#leaf;
    const { piece, count, header } = await this.#readBlock(block, 0);
    const records = new ExtentRecords(this.#volume, piece.view, header, count);
    const wrong = records.fault(0);
    if (wrong) throw this.#bad(piece.offset, wrong);
    this.#leaf = { block, records, next: this.#sibling(piece), offset: piece.offset };
    return this.#leaf;
  }

  /** NULLFSBLOCK is all ones. */
  #sibling({ view, offset }: Piece): number | null {
    const stored = readWide(view, BTREE.bb_rightsib);
    if (view.getUint32(BTREE.bb_rightsib) === 0xffffffff) return null;
    if (this.#volume.holds(stored, 1)) return this.#volume.block(stored);
    throw this.#bad(offset, `its next leaf is to be block ${stored}, where none can be`);
  }

  async #readBlock(block: number, level: number) {
    const { sb } = this.#volume;
    const piece = await this.#volume.read(block, 1);
    const { view, offset } = piece;
    const magic = view.getUint32(0);
    if (magic !== (sb.v5 ? BMBT.crc : BMBT.old)) throw this.#bad(offset, `a block's magic is ${hex(magic)}`);
    this.#volume.verify(piece, BTREE_SELF, { owner: this.#inode.number, thing: this.#thing });
    const header = sb.v5 ? BTREE.sizeCrc : BTREE.size;
    const room = Math.floor((sb.blockSize - header) / EXTENT_SIZE);
    const count = view.getUint16(BTREE.bb_numrecs);
    const found = view.getUint16(BTREE.bb_level);
    if (found !== level) throw this.#bad(offset, `a block is of level ${found}, not ${level}`);
    if (count === 0 || count > room) throw this.#bad(offset, `a block says ${count} entries of at most ${room}`);
    return { piece, count, room, header };
  }

  #sorted(node: Node): Node {
    for (let index = 1; index < node.count; index++) {
      if (readWide(node.view, node.keys + index * 8) > readWide(node.view, node.keys + index * 8 - 8)) continue;
      throw this.#bad(node.offset, `key ${index} of a block is not above the one before it`);
    }
    return node;
  }

  #pointer(node: Node, index: number): number {
    const stored = readWide(node.view, node.pointers + index * 8);
    if (this.#volume.holds(stored, 1)) return this.#volume.block(stored);
    throw this.#bad(node.offset, `entry ${index} leads to block ${stored}, where none of a file's can be`);
  }

  get #thing(): string {
    return `the extents of inode ${this.#inode.number}`;
  }

  #bad(offset: number, what: string) {
    return this.#volume.fault("E_XFS_EXTENTS", { thing: this.#thing, what, offset });
  }
}

/** The last entry whose key is at most `logical`, -1 where there is none. */
function lastAtMost(node: Node, logical: number): number {
  let low = 0;
  let high = node.count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (readWide(node.view, node.keys + middle * 8) <= logical) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
