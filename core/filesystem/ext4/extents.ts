import { crc32c } from "../../kit/checksum.ts";
import { getU16, getU32 } from "../../kit/unsigned.ts";
import { hex } from "../fault.ts";
import type { Run } from "../mapped.ts";
import type { Inode } from "./inode.ts";
import { EXT_INIT_MAX_LEN, EXT_MAX_DEPTH, EXT4_EXT_MAGIC, EXTENT_SIZE, I_BLOCK_SIZE, INODE } from "./layout.ts";
import type { BoundedMap } from "./run.ts";
import type { Volume } from "./volume.ts";

/** Logical blocks are 32-bit numbers. */
const END = 0xffff_ffff;

/** A node of the tree, checked: `entries` records of 12 bytes behind a header of 12. */
interface Node {
  readonly view: DataView;
  readonly entries: number;
  readonly depth: number;
  /** Block it was read from; 0 for the root in the inode. */
  readonly block: number;
}

/** Extent tree (https://docs.kernel.org/filesystems/ext4/ifork.html#extent-tree). */
export class ExtentMap implements BoundedMap {
  readonly limit = END;
  readonly #volume: Volume;
  readonly #inode: Inode;
  readonly #root: Node;
  /** The last node read on each level. */
  readonly #path: (Node | undefined)[] = [];

  constructor(volume: Volume, inode: Inode) {
    this.#volume = volume;
    this.#inode = inode;
    const bytes = inode.block;
    this.#root = this.#node(new DataView(bytes.buffer, bytes.byteOffset, I_BLOCK_SIZE), 0, null, null);
  }

  find(logical: number): Run | Promise<Run> {
    return this.#descend(this.#root, logical, END);
  }

  /** `end`: the first block that the rest of the tree cares for. */
  #descend(node: Node, logical: number, end: number): Run | Promise<Run> {
    // What comes before the first index belongs to its child too, as for the kernel: that child must bear it out.
    const index = Math.max(lastAtMost(node, logical), node.depth > 0 ? 0 : -1);
    const next = index + 1 < node.entries ? Math.min(end, firstBlock(node, index + 1)) : end;
    if (index < 0) return holeRun(logical, next);
    if (node.depth === 0) {
      if (firstBlock(node, index) + extentLength(node, index) > next) {
        throw this.#bad(node.block, `entry ${index} reaches past block ${next}, where the next leaf begins`);
      }
      return leafRun(node, index, logical, next);
    }
    const child = this.#path[node.depth];
    if (child?.block === indexTarget(node, index)) return this.#descend(child, logical, next);
    return this.#load(node, index).then((loaded) => this.#descend(loaded, logical, next));
  }

  async #load(parent: Node, index: number): Promise<Node> {
    const block = indexTarget(parent, index);
    const bytes = await this.#volume.block(block);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const node = this.#node(view, block, parent.depth - 1, firstBlock(parent, index));
    this.#path[parent.depth] = node;
    return node;
  }

  /** Checks a node whole. `depth` and `first` are what its parent says of it, null for the root. */
  #node(view: DataView, block: number, depth: number | null, first: number | null): Node {
    const magic = getU16(view, 0, true);
    if (magic !== EXT4_EXT_MAGIC) throw this.#bad(block, `its magic is ${hex(magic)}, not 0xf30a`);
    const node = { view, block, entries: getU16(view, 2, true), depth: getU16(view, 6, true) };
    const max = getU16(view, 4, true);
    const room = Math.floor(view.byteLength / EXTENT_SIZE) - 1;
    if (max === 0 || max > room || node.entries > max) {
      throw this.#bad(block, `it says ${node.entries} entries of at most ${max} where ${room} fit`);
    }
    if (node.depth > EXT_MAX_DEPTH || (depth !== null && node.depth !== depth)) {
      throw this.#bad(block, `its depth is ${node.depth}, not ${depth ?? `at most ${EXT_MAX_DEPTH}`}`);
    }
    if (node.depth > 0 && node.entries === 0) throw this.#bad(block, "an index without entries");
    if (block !== 0) this.#verifyChecksum(view, block, max);
    this.#verifyEntries(node, first);
    return node;
  }

  #verifyChecksum(view: DataView, block: number, max: number): void {
    if (!this.#volume.sb.checksums) return;
    const end = EXTENT_SIZE * (1 + max);
    const computed = crc32c(this.#inode.checksumSeed, new Uint8Array(view.buffer, view.byteOffset, end));
    const stored = end + 4 <= view.byteLength ? getU32(view, end, true) : undefined;
    if (stored === computed) return;
    const what = stored === undefined ? "it has no room for its checksum" : `its checksum is ${hex(stored)}`;
    throw this.#bad(block, `${what} and its content's ${hex(computed)}`, "E_EXT4_CHECKSUM");
  }

  #verifyEntries(node: Node, first: number | null): void {
    if (first !== null && node.entries > 0 && firstBlock(node, 0) !== first) {
      throw this.#bad(node.block, `it begins with block ${firstBlock(node, 0)} and its index says ${first}`);
    }
    let end = 0;
    let total = 0;
    for (let index = 0; index < node.entries; index++) {
      const start = firstBlock(node, index);
      if (start < end) throw this.#bad(node.block, `entry ${index} overlaps the one before it`);
      const length = node.depth === 0 ? extentLength(node, index) : 1;
      const target = node.depth === 0 ? extentTarget(node, index) : indexTarget(node, index);
      if (length === 0 || start + length > END) throw this.#bad(node.block, `entry ${index} holds ${length} blocks`);
      if (!this.#volume.holdsContent(target, length)) throw this.#bad(node.block, outside(index, target, length));
      end = start + length;
      total += length;
    }
    if (total > this.#volume.sb.blocksCount) throw this.#bad(node.block, "it maps more blocks than there are");
  }

  #bad(block: number, what: string, code = "E_EXT4_EXTENT") {
    const { blockSize } = this.#volume.sb;
    const place = block === 0 ? "the inode" : `block ${block}`;
    return this.#volume.fault(code, {
      thing: `the extents of inode ${this.#inode.number} in ${place}`,
      what,
      offset: block === 0 ? this.#inode.offset + INODE.i_block : block * blockSize,
    });
  }
}

function outside(index: number, target: number, length: number): string {
  return `entry ${index} leads to ${length} blocks at ${target}, outside the file system or among its own`;
}

function firstBlock(node: Node, index: number): number {
  return getU32(node.view, EXTENT_SIZE * (index + 1), true);
}

function extentLength(node: Node, index: number): number {
  const length = getU16(node.view, EXTENT_SIZE * (index + 1) + 4, true);
  return length > EXT_INIT_MAX_LEN ? length - EXT_INIT_MAX_LEN : length;
}

function isUninitialised(node: Node, index: number): boolean {
  return getU16(node.view, EXTENT_SIZE * (index + 1) + 4, true) > EXT_INIT_MAX_LEN;
}

function extentTarget(node: Node, index: number): number {
  const at = EXTENT_SIZE * (index + 1);
  return getU16(node.view, at + 6, true) * 0x1_0000_0000 + getU32(node.view, at + 8, true);
}

function indexTarget(node: Node, index: number): number {
  const at = EXTENT_SIZE * (index + 1);
  return getU16(node.view, at + 8, true) * 0x1_0000_0000 + getU32(node.view, at + 4, true);
}

/** The last entry that begins at or before `logical`, -1 where there is none. */
function lastAtMost(node: Node, logical: number): number {
  let low = 0;
  let high = node.entries;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (firstBlock(node, middle) <= logical) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function leafRun(node: Node, index: number, logical: number, next: number): Run {
  const skip = logical - firstBlock(node, index);
  const length = Math.min(extentLength(node, index) - skip, next - logical);
  if (length <= 0) return holeRun(logical, next);
  if (isUninitialised(node, index)) return { start: logical, length, block: -1, hole: false };
  return { start: logical, length, block: extentTarget(node, index) + skip, hole: false };
}

function holeRun(logical: number, next: number): Run {
  return { start: logical, length: Math.max(1, next - logical), block: -1, hole: true };
}
