import { crc32c } from "../../kit/checksum.ts";
import { Lru } from "../../kit/lru.ts";
import { bits64, struct, u32 } from "../../kit/struct.ts";
import type { ByteSource } from "../../source/source.ts";
import { unreadable } from "./fault.ts";

/**
 * The B-trees of device-mapper's persistent data, little-endian, of 64-bit keys and values. Source: Linux,
 * drivers/md/persistent-data/dm-btree-internal.h.
 */
const nodeHeader = struct("lvm2.node_header", "little", 32, {
  csum: u32(0),
  flags: u32(4),
  blocknr: bits64(8),
  nrEntries: u32(16),
  maxEntries: u32(20),
  valueSize: u32(24),
});
const INTERNAL_NODE = 1;
const LEAF_NODE = 2;
const CSUM_XOR = 121107;
export const BLOCK = 4096;
/** Levels of one tree: the kernel's own limit is 16 for a walk. */
const MOST_LEVELS = 16;
const KEPT_NODES = 64;

interface Node {
  readonly isLeaf: boolean;
  readonly keys: BigUint64Array;
  readonly values: BigUint64Array;
}

/** An entry, and the key of what follows it. */
export interface Entry {
  readonly key: bigint;
  readonly value: bigint;
}

export class Btrees {
  readonly #metadata: ByteSource;
  readonly #name: string;
  readonly #nodes = new Lru<bigint, Node>(KEPT_NODES);

  /** `name` is for errors: the pool's. */
  constructor(metadata: ByteSource, name: string) {
    this.#metadata = metadata;
    this.#name = name;
  }

  /** The entry with the greatest key up to `key`, and the first one past it, in the tree at block `root`. */
  async around(root: bigint, key: bigint): Promise<{ readonly at: Entry | null; readonly next: bigint | null }> {
    let block = root;
    let next: bigint | null = null;
    for (let level = 0; level < MOST_LEVELS; level++) {
      const { isLeaf, keys, values } = await this.#node(block);
      const index = lastUpTo(keys, key);
      next = keys[index + 1] ?? next;
      const at = index < 0 ? null : { key: keys[index] as bigint, value: values[index] as bigint };
      if (isLeaf || !at) return { at: isLeaf ? at : null, next };
      block = at.value;
    }
    throw this.#damaged(block, "a tree has too many levels");
  }

  async #node(block: bigint): Promise<Node> {
    const known = this.#nodes.get(block);
    if (known) return known;
    const node = await this.#read(block);
    this.#nodes.set(block, node);
    return node;
  }

  async #read(block: bigint): Promise<Node> {
    if ((block + 1n) * BigInt(BLOCK) > BigInt(this.#metadata.size)) throw this.#damaged(block, "it is past the end");
    const bytes = await this.#metadata.read(Number(block) * BLOCK, BLOCK);
    const { csum, flags, blocknr, nrEntries, maxEntries, valueSize } = nodeHeader.decode(bytes);
    if (csum !== blockChecksum(bytes, CSUM_XOR)) throw this.#damaged(block, "the checksum is wrong");
    if (blocknr !== block) throw this.#damaged(block, `it is called ${blocknr}`);
    if (flags !== INTERNAL_NODE && flags !== LEAF_NODE) throw this.#damaged(block, `its flags are ${flags}`);
    const fits = valueSize === 8 && nrEntries <= maxEntries && nodeHeader.size + 16 * maxEntries <= BLOCK;
    if (!fits) throw this.#damaged(block, `it has ${nrEntries} of ${maxEntries} entries of ${valueSize} bytes`);
    const keys = numbers(bytes, nodeHeader.size, nrEntries);
    if (keys.some((key, at) => at > 0 && key <= (keys[at - 1] as bigint)))
      throw this.#damaged(block, "its keys do not rise");
    return { isLeaf: flags === LEAF_NODE, keys, values: numbers(bytes, nodeHeader.size + 8 * maxEntries, nrEntries) };
  }

  #damaged(block: bigint, what: string) {
    return unreadable(
      this.#name,
      "THIN",
      `its metadata is damaged: block ${block}: ${what}`,
      "On a copy, thin_repair may mend it.",
    );
  }
}

/** The checksum of a block of metadata, which stands in its first four bytes. */
export function blockChecksum(bytes: Uint8Array, salt: number): number {
  return (crc32c(0xffffffff, bytes, 4, BLOCK) ^ salt) >>> 0;
}

function numbers(bytes: Uint8Array, at: number, count: number): BigUint64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, 8 * count);
  return BigUint64Array.from({ length: count }, (_, index) => view.getBigUint64(8 * index, true));
}

/** Index of the last key up to `key`; -1 where all are greater. */
function lastUpTo(keys: BigUint64Array, key: bigint): number {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] as bigint) > key) high = middle;
    else low = middle + 1;
  }
  return low - 1;
}
