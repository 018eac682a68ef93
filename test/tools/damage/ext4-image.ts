import { crc32c } from "../../../core/kit/checksum.ts";

/**
 * Just enough of ext4 to find what is in use in a whole image and to compute its checksums: written apart from the
 * reader, so that a fault of that one is none of the test's.
 */
export class Ext4Image {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly base: number;
  readonly blockSize: number;
  readonly inodeSize: number;
  readonly descSize: number;
  readonly inodes: number;
  readonly inodesPerGroup: number;
  readonly groups: number;
  readonly blocks: number;
  readonly hasChecksums: boolean;
  readonly hasGroupChecksums: boolean;
  readonly seed: number;

  /** `base`: where the file system starts in the bytes. */
  constructor(bytes: Uint8Array, base = 0) {
    const view = new DataView(bytes.buffer, bytes.byteOffset + base, bytes.byteLength - base);
    this.bytes = bytes.subarray(base);
    this.view = view;
    this.base = base;
    this.blockSize = 1024 << view.getUint32(1024 + 0x18, true);
    this.inodeSize = view.getUint16(1024 + 0x58, true);
    this.descSize = view.getUint32(1024 + 0x60, true) & 0x80 ? view.getUint16(1024 + 0xfe, true) : 32;
    this.inodes = view.getUint32(1024, true);
    this.inodesPerGroup = view.getUint32(1024 + 0x28, true);
    this.groups = this.inodes / this.inodesPerGroup;
    this.blocks = view.getUint32(1024 + 4, true);
    const readOnly = view.getUint32(1024 + 0x64, true);
    this.hasChecksums = (readOnly & 0x400) !== 0;
    this.hasGroupChecksums = this.hasChecksums || (readOnly & 0x10) !== 0;
    const stored = (view.getUint32(1024 + 0x60, true) & 0x2000) !== 0;
    this.seed = stored
      ? view.getUint32(1024 + 0x270, true)
      : crc32c(~0 >>> 0, this.bytes.slice(1024 + 0x68, 1024 + 0x78));
  }

  /** Where a group's descriptor is. Only groups of one block of descriptors, or meta_bg's first, are made here. */
  descriptor(group: number): number {
    const metaBg = (this.view.getUint32(1024 + 0x60, true) & 0x10) !== 0;
    const perBlock = this.blockSize / this.descSize;
    if (!metaBg || group < perBlock) return (this.blockSize === 1024 ? 2 : 1) * this.blockSize + group * this.descSize;
    throw new Error("more descriptors than one block");
  }

  inode(number: number): number {
    const index = (number - 1) % this.inodesPerGroup;
    const table = this.view.getUint32(this.descriptor((number - 1 - index) / this.inodesPerGroup) + 8, true);
    return table * this.blockSize + index * this.inodeSize;
  }

  /** Inodes that have links. */
  used(): number[] {
    const all = Array.from({ length: this.inodes }, (_, index) => index + 1);
    return all.filter((number) => this.view.getUint16(this.inode(number) + 0x1a, true) > 0);
  }

  mode(number: number): number {
    return this.view.getUint16(this.inode(number), true);
  }

  flags(number: number): number {
    return this.view.getUint32(this.inode(number) + 0x20, true);
  }

  isDirectory(number: number): boolean {
    return (this.mode(number) & 0xf000) === 0x4000;
  }

  /** Blocks of content in the file's order, and those that map them. */
  blocksOf(number: number): { content: number[]; maps: number[] } {
    const found = { content: [] as number[], maps: [] as number[] };
    const at = this.inode(number) + 0x28;
    const kind = this.mode(number) & 0xf000;
    if (this.flags(number) & 0x10000000 || ![0x4000, 0x8000, 0xa000].includes(kind)) return found;
    if (this.flags(number) & 0x80000) this.#extents(at, found);
    else if (this.view.getUint32(this.inode(number) + 0x1c, true) > 0) this.#indirect(at, found);
    return found;
  }

  #extents(at: number, found: { content: number[]; maps: number[] }): void {
    const depth = this.view.getUint16(at + 6, true);
    for (let index = 1; index <= this.view.getUint16(at + 2, true); index++) {
      const entry = at + 12 * index;
      if (depth > 0) {
        const child = this.view.getUint32(entry + 4, true);
        found.maps.push(child);
        this.#extents(child * this.blockSize, found);
      } else {
        const start = this.view.getUint32(entry + 8, true);
        const length = this.view.getUint16(entry + 4, true);
        for (let block = 0; block < length; block++) found.content.push(start + block);
      }
    }
  }

  #indirect(at: number, found: { content: number[]; maps: number[] }): void {
    const visit = (block: number, level: number): void => {
      if (block === 0) return;
      if (level === 0) {
        found.content.push(block);
        return;
      }
      found.maps.push(block);
      for (let slot = 0; slot < this.blockSize; slot += 4) {
        visit(this.view.getUint32(block * this.blockSize + slot, true), level - 1);
      }
    };
    for (let slot = 0; slot < 15; slot++) visit(this.view.getUint32(at + slot * 4, true), Math.max(0, slot - 11));
  }

  /** Sizes, generations: whatever the checksums of an inode's own blocks begin with. */
  inodeSeed(number: number): number {
    const own = crc32c(this.seed, le32(number));
    return crc32c(own, this.bytes.slice(this.inode(number) + 0x64, this.inode(number) + 0x68));
  }
}

export function le32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}
