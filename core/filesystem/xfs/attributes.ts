import { type ForkMap, forkMap, readFork } from "./fork-map.ts";
import { HashTree, type TreeBlock } from "./hash-tree.ts";
import type { Fork, Inode } from "./inode.ts";
import {
  ATTR_FLAG,
  ATTR_LEAF,
  ATTR_LEAF_HEADER,
  ATTR_REMOTE_MAGIC,
  DA_INFO,
  FORMAT,
  REMOTE,
  REMOTE_SELF,
} from "./layout.ts";
import { piece, type Volume } from "./volume.ts";

/** XATTR_SIZE_MAX: the kernel hands out no larger value. */
const MAX_VALUE = 64 << 10;
/** Bytes before a name: the length of a value beside it and its own; where the value stands, its length, its own. */
const LOCAL_HEAD = 3;
const REMOTE_HEAD = 9;

/** An attribute as it is stored. */
export interface Attribute {
  readonly flags: number;
  readonly name: Uint8Array;
  readonly value: Uint8Array;
}

/** Whether an inode has a fork for attributes, with anything in it. */
export function hasAttributes({ attributes }: Inode): boolean {
  return attributes !== null && (attributes.format !== FORMAT.extents || attributes.extents > 0);
}

/** Every attribute of an inode that came to be whole. Throws `E_XFS_XATTR`, `E_XFS_CHECKSUM`, `E_XFS_MISPLACED`. */
export async function* attributesOf(volume: Volume, inode: Inode): AsyncGenerator<Attribute> {
  const fork = inode.attributes;
  if (!fork || !hasAttributes(inode)) return;
  if (fork.format === FORMAT.local) yield* shortAttributes(volume, inode, fork);
  else yield* new AttributeTree(volume, inode, fork).all();
}

/** xfs_attr_sf: bytes in all and how many, then each with the lengths of its name and value. */
function* shortAttributes(volume: Volume, inode: Inode, { view, offset }: Fork): Generator<Attribute> {
  const bad = (at: number, what: string) =>
    volume.fault("E_XFS_XATTR", { thing: thingOf(inode), what, offset: offset + at });
  const end = view.byteLength < 4 ? 0 : view.getUint16(0);
  if (end < 4 || end > view.byteLength) throw bad(0, `it says ${end} bytes where ${view.byteLength} fit`);
  let at = 4;
  for (let left = view.getUint8(2); left > 0; left--) {
    if (at + 3 > end) throw bad(at, "an entry is cut off");
    const nameLength = view.getUint8(at);
    const start = view.byteOffset + at + 3;
    const next = at + 3 + nameLength + view.getUint8(at + 1);
    if (nameLength === 0 || next > end) throw bad(at, "an entry is cut off");
    const name = new Uint8Array(view.buffer, start, nameLength);
    const flags = view.getUint8(at + 2);
    yield { flags, name, value: new Uint8Array(view.buffer, start + nameLength, view.getUint8(at + 1)) };
    at = next;
  }
}

class AttributeTree {
  readonly #volume: Volume;
  readonly #inode: Inode;
  readonly #map: ForkMap;
  readonly #tree: HashTree;

  constructor(volume: Volume, inode: Inode, fork: Fork) {
    this.#volume = volume;
    this.#inode = inode;
    this.#map = forkMap(volume, inode, fork);
    const thing = thingOf(inode);
    this.#tree = new HashTree(volume, inode, this.#map, {
      root: 0,
      blocks: 1,
      leaves: [ATTR_LEAF],
      code: "E_XFS_XATTR",
      thing,
    });
  }

  async *all(): AsyncGenerator<Attribute> {
    for await (const leaf of this.#tree.leavesFrom(await this.#tree.descend(0))) yield* this.#entries(leaf);
  }

  async *#entries(leaf: TreeBlock): AsyncGenerator<Attribute> {
    const { view } = leaf;
    const { v5 } = this.#volume.sb;
    const start = v5 ? ATTR_LEAF_HEADER.crc : ATTR_LEAF_HEADER.old;
    const count = view.getUint16(v5 ? DA_INFO.sizeCrc : DA_INFO.size);
    const names = start + count * 8;
    if (names > view.byteLength) throw this.#tree.bad(leaf, `a leaf says ${count} entries`);
    for (let index = 0; index < count; index++) {
      const at = start + index * 8;
      const flags = view.getUint8(at + 6);
      if (flags & ATTR_FLAG.incomplete) continue;
      const nameAt = view.getUint16(at + 4);
      const room = flags & ATTR_FLAG.local ? LOCAL_HEAD : REMOTE_HEAD;
      if (nameAt < names || nameAt + room > view.byteLength) throw this.#tree.bad(leaf, `a name stands at ${nameAt}`);
      yield flags & ATTR_FLAG.local ? this.#local(leaf, nameAt, flags) : await this.#remote(leaf, nameAt, flags);
    }
  }

  #local(leaf: TreeBlock, at: number, flags: number): Attribute {
    const { view } = leaf;
    const name = this.#name(leaf, at + LOCAL_HEAD, view.getUint8(at + 2));
    const valueAt = at + LOCAL_HEAD + name.length;
    const length = view.getUint16(at);
    if (valueAt + length > view.byteLength) throw this.#tree.bad(leaf, `a value of ${length} bytes leaves its room`);
    return { flags, name, value: new Uint8Array(view.buffer, view.byteOffset + valueAt, length) };
  }

  async #remote(leaf: TreeBlock, at: number, flags: number): Promise<Attribute> {
    const { view } = leaf;
    const name = this.#name(leaf, at + REMOTE_HEAD, view.getUint8(at + 8));
    const length = view.getUint32(at + 4);
    if (length > MAX_VALUE) throw this.#tree.bad(leaf, `a value of ${length} bytes`);
    const value = await this.#value(view.getUint32(at), length);
    if (!value) throw this.#tree.bad(leaf, "the blocks of a value are not what they are to be");
    return { flags, name, value };
  }

  #name(leaf: TreeBlock, at: number, length: number): Uint8Array {
    const { view } = leaf;
    if (length === 0 || at + length > view.byteLength) throw this.#tree.bad(leaf, `a name of ${length} bytes`);
    return new Uint8Array(view.buffer, view.byteOffset + at, length);
  }

  /** Each block of it has a header in version 5. Null where one is missing or another's. */
  async #value(first: number, length: number): Promise<Uint8Array | null> {
    const { v5, blockSize } = this.#volume.sb;
    const header = v5 ? REMOTE.size : 0;
    const count = Math.ceil(length / (blockSize - header));
    const stored = count === 0 ? null : await readFork(this.#volume, this.#map, first, count);
    const value = new Uint8Array(length);
    for (let done = 0, index = 0; done < length; index++) {
      if (!stored) return null;
      const start = index * blockSize;
      const part = Math.min(length - done, blockSize - header);
      if (v5) {
        const run = await this.#map.find(first + index);
        const block = piece(stored.bytes.subarray(start, start + blockSize), run.block * blockSize);
        const { view } = block;
        const fits = view.getUint32(REMOTE.magic) === ATTR_REMOTE_MAGIC && view.getUint32(REMOTE.offset) === done;
        if (!fits || view.getUint32(REMOTE.bytes) !== part) return null;
        this.#volume.verify(block, REMOTE_SELF, { owner: this.#inode.number, thing: thingOf(this.#inode) });
      }
      value.set(stored.bytes.subarray(start + header, start + header + part), done);
      done += part;
    }
    return value;
  }
}

function thingOf({ number }: Inode): string {
  return `the extended attributes of inode ${number}`;
}
