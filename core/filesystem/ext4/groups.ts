import { crc32cAround } from "../../kit/checksum.ts";
import { Lru } from "../../kit/lru.ts";
import { hex } from "../fault.ts";
import { crc16, crc32cOfU32 } from "./checksum.ts";
import { GROUP_DESC } from "./layout.ts";
import type { Superblock } from "./superblock.ts";
import type { Volume } from "./volume.ts";

/** A block group's descriptor, checked. */
export interface Group {
  /** First block of the group's inode table. */
  readonly inodeTable: number;
  /** In blocks, or clusters with bigalloc. */
  readonly free: number;
}

/**
 * Group descriptors (https://docs.kernel.org/filesystems/ext4/group_descr.html), read and verified when first asked
 * for. Memory is bounded: a large file system has a hundred thousand of them.
 */
export class Groups {
  readonly #volume: Volume;
  readonly #cache = new Lru<number, Group>(4096);

  constructor(volume: Volume) {
    this.#volume = volume;
  }

  /** Throws `E_EXT4_CHECKSUM` and `E_EXT4_GROUP`. */
  get(group: number): Group | Promise<Group> {
    return this.#cache.get(group) ?? this.#load(group);
  }

  /** Free blocks of all groups together, as statfs counts them at mount. */
  async freeBlocks(): Promise<number> {
    const { groups, blocksPerGroup, raw } = this.#volume.sb;
    const unit = this.#volume.sb.roCompat("bigalloc") ? blocksPerGroup / raw.s_clusters_per_group : 1;
    let free = 0;
    for (let group = 0; group < groups; group++) free += (await this.get(group)).free;
    return free * unit;
  }

  async #load(group: number): Promise<Group> {
    const { sb, source } = this.#volume;
    const offset = descriptorOffset(sb, group);
    if (offset + sb.descSize > sb.blocksCount * sb.blockSize) {
      throw this.#volume.fault("E_EXT4_GROUP", {
        thing: `the descriptor of block group ${group}`,
        what: "it lies past the file system's end",
        offset,
      });
    }
    const bytes = source.peek?.(offset, sb.descSize) ?? (await source.read(offset, sb.descSize));
    this.#verify(group, bytes, offset);
    const decoded = this.#decode(group, bytes, offset);
    this.#cache.set(group, decoded);
    return decoded;
  }

  #verify(group: number, bytes: Uint8Array, offset: number): void {
    const { sb } = this.#volume;
    if (!sb.checksums && !sb.roCompat("uninit_bg")) return;
    const stored = (bytes[GROUP_DESC.bg_checksum] as number) | ((bytes[GROUP_DESC.bg_checksum + 1] as number) << 8);
    const computed = sb.checksums ? metadataChecksum(sb, group, bytes) : uninitChecksum(sb, group, bytes);
    if (stored === computed) return;
    throw this.#volume.fault("E_EXT4_CHECKSUM", {
      thing: `the descriptor of block group ${group}`,
      what: `its checksum is ${hex(stored)} and its content's ${hex(computed)}`,
      offset,
    });
  }

  #decode(group: number, bytes: Uint8Array, offset: number): Group {
    const { sb } = this.#volume;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const wide = sb.descSize >= 64;
    const high = wide ? view.getUint32(GROUP_DESC.bg_inode_table_hi, true) : 0;
    const inodeTable = view.getUint32(GROUP_DESC.bg_inode_table_lo, true) + high * 0x1_0000_0000;
    const blocks = Math.ceil((sb.inodesPerGroup * sb.inodeSize) / sb.blockSize);
    const freeHigh = wide ? view.getUint16(GROUP_DESC.bg_free_blocks_count_hi, true) : 0;
    const free = view.getUint16(GROUP_DESC.bg_free_blocks_count_lo, true) + freeHigh * 0x1_0000;
    if (this.#volume.holds(inodeTable, blocks)) return { inodeTable, free };
    throw this.#volume.fault("E_EXT4_GROUP", {
      thing: `the descriptor of block group ${group}`,
      what: `its inode table at block ${inodeTable} lies outside the file system`,
      offset,
    });
  }
}

function metadataChecksum(sb: Superblock, group: number, bytes: Uint8Array): number {
  const seed = crc32cOfU32(sb.checksumSeed, group);
  return crc32cAround(seed, bytes, { at: GROUP_DESC.bg_checksum, length: 2 }) & 0xffff;
}

function uninitChecksum(sb: Superblock, group: number, bytes: Uint8Array): number {
  const number = new Uint8Array(4);
  new DataView(number.buffer).setUint32(0, group, true);
  const seed = crc16(crc16(0xffff, sb.uuid), number);
  const head = crc16(seed, bytes.subarray(0, GROUP_DESC.bg_checksum));
  return crc16(head, bytes.subarray(GROUP_DESC.bg_checksum + 2));
}

/** Bytes. With meta_bg the descriptors stand in the first group of those that they describe. */
function descriptorOffset(sb: Superblock, group: number): number {
  const perBlock = sb.blockSize / sb.descSize;
  const index = Math.floor(group / perBlock);
  const within = (group % perBlock) * sb.descSize;
  return descriptorBlock(sb, index, perBlock) * sb.blockSize + within;
}

function descriptorBlock(sb: Superblock, index: number, perBlock: number): number {
  const superblockAt = sb.blockSize === 1024 ? 1 : 0;
  if (!sb.incompat("meta_bg") || index < sb.raw.s_first_meta_bg) return superblockAt + 1 + index;
  const group = index * perBlock;
  // With 1 KiB blocks and bigalloc, group 0 starts at block 0 and its superblock stands in block 1.
  const shifted = sb.blockSize === 1024 && index === 0 && sb.firstDataBlock === 0 ? 1 : 0;
  return sb.firstDataBlock + group * sb.blocksPerGroup + (hasSuperblock(sb, group) ? 1 : 0) + shifted;
}

function hasSuperblock(sb: Superblock, group: number): boolean {
  if (group === 0) return true;
  if (sb.compat("sparse_super2")) return group === sb.raw.s_backup_bgs_0 || group === sb.raw.s_backup_bgs_1;
  if (group === 1 || !sb.roCompat("sparse_super")) return true;
  return [3, 5, 7].some((base) => isPower(group, base));
}

function isPower(value: number, base: number): boolean {
  let power = base;
  while (power < value) power *= base;
  return power === value;
}
