import { getU8, getU16, getU32 } from "../../kit/unsigned.ts";
import { compareStored, inOrder, isExact, type Key, readId, readKey } from "./key.ts";
import { HEADER, HEADER_SIZE, ITEM_SIZE, KEY_PTR_SIZE } from "./layout.ts";

/** What a block's parent (or root item) says of it. */
export interface NodeRef {
  readonly address: number;
  readonly level: number;
  readonly generation: number;
  /** Its first key; null for a root. */
  readonly first: Key | null;
}

/** A block of a tree, verified. */
export class Node {
  readonly view: DataView;
  readonly address: number;
  readonly level: number;
  readonly generation: number;
  readonly owner: number;
  /** Items, or pointers. */
  readonly count: number;

  constructor(bytes: Uint8Array, address: number) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.address = address;
    this.level = getU8(this.view, HEADER.level);
    this.generation = readId(this.view, HEADER.generation);
    this.owner = readId(this.view, HEADER.owner);
    this.count = getU32(this.view, HEADER.nritems, true);
  }

  /** Where the key of a slot stands. */
  keyAt(slot: number): number {
    return HEADER_SIZE + slot * (this.level === 0 ? ITEM_SIZE : KEY_PTR_SIZE);
  }

  key(slot: number): Key {
    return readKey(this.view, this.keyAt(slot));
  }

  /** The last slot whose key is not past `wanted`; -1 where there is none. */
  floor(wanted: Key): number {
    let [low, high] = [0, this.count];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareStored(this.view, this.keyAt(middle), wanted) <= 0) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** Of an inner block: what its pointer in `slot` says. */
  child(slot: number): NodeRef {
    const at = this.keyAt(slot);
    return {
      address: readId(this.view, at + 17),
      generation: readId(this.view, at + 25),
      level: this.level - 1,
      first: readKey(this.view, at),
    };
  }

  /** Of a leaf. */
  item(slot: number): Item {
    const at = this.keyAt(slot);
    const start = HEADER_SIZE + getU32(this.view, at + 17, true);
    return new Item(this.view, at, start, getU32(this.view, at + 21, true), this.address + start);
  }

  /** What is wrong with its inside, as the kernel checks it (tree-checker.c): null where nothing is. */
  wrong(sectorsize: number): string | null {
    const { view, count, level } = this;
    const size = level === 0 ? ITEM_SIZE : KEY_PTR_SIZE;
    if (HEADER_SIZE + count * size > view.byteLength) return `it has ${count} items, more than fit in it`;
    if (count === 0 && level > 0) return "it has no pointers";
    for (let slot = 0; slot < count; slot++) {
      if (!isExact(view, this.keyAt(slot))) return `its key ${slot} is past 2^53`;
    }
    for (let slot = 1; slot < count; slot++) {
      if (!inOrder(view, this.keyAt(slot - 1), this.keyAt(slot)))
        return `its keys ${slot - 1} and ${slot} are out of order`;
    }
    return level === 0 ? this.#wrongItems() : this.#wrongPointers(sectorsize);
  }

  /** Items' data lies from the block's end downwards, without gaps. */
  #wrongItems(): string | null {
    let end = this.view.byteLength - HEADER_SIZE;
    const keys = this.count * ITEM_SIZE;
    for (let slot = 0; slot < this.count; slot++) {
      const at = this.keyAt(slot);
      const start = getU32(this.view, at + 17, true);
      if (start + getU32(this.view, at + 21, true) !== end || start < keys) return `item ${slot} lies out of place`;
      end = start;
    }
    return null;
  }

  #wrongPointers(sectorsize: number): string | null {
    for (let slot = 0; slot < this.count; slot++) {
      const { address, generation } = this.child(slot);
      if (address <= 0 || address % sectorsize !== 0) return `pointer ${slot} leads to ${address}`;
      if (generation <= 0 || generation > this.generation) return `pointer ${slot} is of generation ${generation}`;
    }
    return null;
  }
}

/** An item of a leaf: its key, and where its data stands. */
export class Item {
  readonly view: DataView;
  readonly #keyAt: number;
  /** Where its data starts in `view`. */
  readonly at: number;
  /** Bytes. */
  readonly size: number;
  /** Address of its data, for errors. */
  readonly address: number;

  constructor(view: DataView, keyAt: number, at: number, size: number, address: number) {
    this.view = view;
    this.#keyAt = keyAt;
    this.at = at;
    this.size = size;
    this.address = address;
  }

  get key(): Key {
    return readKey(this.view, this.#keyAt);
  }

  get objectid(): number {
    return readId(this.view, this.#keyAt);
  }

  get type(): number {
    return getU8(this.view, this.#keyAt + 8);
  }

  get offset(): number {
    return readId(this.view, this.#keyAt + 9);
  }

  /** Whether it has this key: below 0 where it comes before. */
  compare(wanted: Key): number {
    return compareStored(this.view, this.#keyAt, wanted);
  }

  u8(field: number): number {
    return getU8(this.view, this.at + field);
  }

  u16(field: number): number {
    return getU16(this.view, this.at + field, true);
  }

  u32(field: number): number {
    return getU32(this.view, this.at + field, true);
  }

  /** 64 bits as keys hold them: from 2^63 on negative. */
  u64(field: number): number {
    return readId(this.view, this.at + field);
  }

  /** A view on `length` of its bytes. */
  bytes(start: number, length: number): Uint8Array {
    return new Uint8Array(this.view.buffer, this.view.byteOffset + this.at + start, length);
  }
}
