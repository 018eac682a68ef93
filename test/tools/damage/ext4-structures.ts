import { Ext4Image } from "./ext4-image.ts";
import {
  mendDescriptor,
  mendExtents,
  mendIndex,
  mendInode,
  mendLeaf,
  mendSuperblock,
  mendXattrs,
} from "./ext4-mend.ts";
import { journalStructures } from "./journal-structures.ts";
import { type Field, fieldsAt, noMend, type Structure, words } from "./structure.ts";

const SUPERBLOCK = {
  inodes_count: [0x0, 4],
  blocks_count: [0x4, 4],
  free_blocks: [0xc, 4],
  first_data_block: [0x14, 4],
  log_block_size: [0x18, 4],
  log_cluster_size: [0x1c, 4],
  blocks_per_group: [0x20, 4],
  clusters_per_group: [0x24, 4],
  inodes_per_group: [0x28, 4],
  magic: [0x38, 2],
  state: [0x3a, 2],
  rev_level: [0x4c, 4],
  first_ino: [0x54, 4],
  inode_size: [0x58, 2],
  compat: [0x5c, 4],
  incompat: [0x60, 4],
  ro_compat: [0x64, 4],
  uuid: [0x68, 4],
  journal_inum: [0xe0, 4],
  last_orphan: [0xe8, 4],
  hash_seed: [0xec, 4],
  def_hash_version: [0xfc, 1],
  desc_size: [0xfe, 2],
  first_meta_bg: [0x104, 4],
  blocks_count_hi: [0x150, 4],
  free_blocks_hi: [0x158, 4],
  flags: [0x160, 4],
  log_groups_per_flex: [0x174, 1],
  checksum_type: [0x175, 1],
  checksum_seed: [0x270, 4],
} as const;
const DESCRIPTOR = {
  inode_table: [0x8, 4],
  free_blocks: [0xc, 2],
  flags: [0x12, 2],
  itable_unused: [0x1c, 2],
} as const;
const INODE = {
  mode: [0x0, 2],
  uid: [0x2, 2],
  size: [0x4, 4],
  atime: [0x8, 4],
  mtime: [0x10, 4],
  links: [0x1a, 2],
  blocks: [0x1c, 4],
  flags: [0x20, 4],
  generation: [0x64, 4],
  file_acl: [0x68, 4],
  size_high: [0x6c, 4],
  blocks_high: [0x74, 2],
  file_acl_high: [0x76, 2],
} as const;
const INODE_MORE = { extra_isize: [0x80, 2], mtime_extra: [0x88, 4], crtime_extra: [0x94, 4] } as const;

/** Everything in use of the file system at `base` of `bytes`. */
export function ext4Structures(bytes: Uint8Array, base = 0): Structure[] {
  const fs = new Ext4Image(bytes, base);
  const used = fs.used();
  return [
    superblock(fs),
    ...Array.from({ length: fs.groups }, (_, group) => descriptor(fs, group)),
    ...used.map((number) => inode(fs, number)),
    ...used.flatMap((number) => blockStructures(fs, number)),
    ...journalStructures(fs),
  ];
}

/** Bytes of files' content, which no checksum covers: `[start, end)` in the image. */
export function contentRanges(bytes: Uint8Array, base = 0): (readonly [number, number])[] {
  const fs = new Ext4Image(bytes, base);
  const files = fs.used().filter((number) => !fs.isDirectory(number));
  const blocks = files.flatMap((number) => fs.blocksOf(number).content);
  return blocks.map((block) => [base + block * fs.blockSize, base + (block + 1) * fs.blockSize]);
}

function superblock(fs: Ext4Image): Structure {
  return {
    kind: "superblock",
    name: "superblock",
    fields: fieldsAt(fs.base + 1024, SUPERBLOCK),
    tempting: [fs.blocks, fs.inodes, 1024, 4096, 256, 128, 64],
    mend: mendSuperblock(fs),
  };
}

function descriptor(fs: Ext4Image, group: number): Structure {
  return {
    kind: "descriptor",
    name: `descriptor of group ${group}`,
    fields: fieldsAt(fs.base + fs.descriptor(group), DESCRIPTOR),
    tempting: [fs.blocks - 1, 1, 2],
    mend: mendDescriptor(fs, group),
  };
}

function inode(fs: Ext4Image, number: number): Structure {
  const at = fs.base + fs.inode(number);
  const more = fs.inodeSize > 128 ? fieldsAt(at, INODE_MORE) : [];
  const attributes = fs.inodeSize > 128 ? words("in-body attributes", at + 0xa0, at + fs.inodeSize, 2) : [];
  const mapped = [...words("i_block", at + 0x28, at + 0x64, 4), ...words("i_block", at + 0x28, at + 0x64, 2)];
  return {
    kind: "inode",
    name: `inode ${number}`,
    fields: [...fieldsAt(at, INODE), ...more, ...mapped, ...attributes.filter((field) => isSet(fs, field))],
    tempting: temptingFor(fs, number),
    mend: mendInode(fs, number),
  };
}

function isSet(fs: Ext4Image, field: Field): boolean {
  return fs.view.getUint16(field.at - fs.base, true) !== 0;
}

/** Its own blocks and number, its parents', sizes that other flags would give, and the last block. */
function temptingFor(fs: Ext4Image, number: number): number[] {
  const { content, maps } = fs.blocksOf(number);
  const own = [...maps, content[0] ?? 0, content.at(-1) ?? 0, fs.inode(number) >> 10];
  return [...own, number, 2, 11, fs.blocks, fs.blocks - 1, fs.inodes, fs.inodes + 1, 1024, 0x80000, 0x10000000, 0x1000];
}

function blockStructures(fs: Ext4Image, number: number): Structure[] {
  const { content, maps } = fs.blocksOf(number);
  const tempting = temptingFor(fs, number);
  const acl = fs.view.getUint32(fs.inode(number) + 0x68, true);
  const attributes = acl === 0 ? [] : [xattrBlock(fs, acl, tempting)];
  const map = fs.flags(number) & 0x80000 ? extentBlock : indirectBlock;
  const mapping = maps.map((block) => map(fs, number, block, tempting));
  if (!fs.isDirectory(number)) return [...attributes, ...mapping];
  const indexed = (fs.flags(number) & 0x1000) !== 0;
  const blocks = content.map((block, logical) => directoryBlock(fs, number, block, indexed && logical === 0, tempting));
  return [...attributes, ...mapping, ...blocks];
}

function xattrBlock(fs: Ext4Image, block: number, tempting: readonly number[]): Structure {
  const at = fs.base + block * fs.blockSize;
  const fields = [...words("attributes", at, at + 200, 2), ...words("attributes", at, at + 200, 1)];
  return { kind: "attributes", name: `attribute block ${block}`, fields, tempting, mend: mendXattrs(fs, block) };
}

function extentBlock(fs: Ext4Image, number: number, block: number, tempting: readonly number[]): Structure {
  const at = fs.base + block * fs.blockSize;
  const end = at + 12 * (1 + fs.view.getUint16(block * fs.blockSize + 2, true));
  const fields = [...words("extents", at, end, 2), ...words("extents", at, end, 4)];
  return {
    kind: "extents",
    name: `extents of inode ${number} in ${block}`,
    fields,
    tempting: [...tempting, block],
    mend: mendExtents(fs, number, block),
  };
}

function indirectBlock(fs: Ext4Image, number: number, block: number, tempting: readonly number[]): Structure {
  const at = fs.base + block * fs.blockSize;
  const slots = words("slot", at, at + fs.blockSize, 4);
  const set = slots.filter((slot) => isSet(fs, slot));
  const fields = [...set, ...slots.slice(0, 4)];
  return {
    kind: "indirect",
    name: `map of inode ${number} in ${block}`,
    fields,
    tempting: [...tempting, block],
    mend: noMend,
  };
}

function directoryBlock(
  fs: Ext4Image,
  number: number,
  block: number,
  isRoot: boolean,
  tempting: readonly number[],
): Structure {
  const at = fs.base + block * fs.blockSize;
  const name = `directory ${number} in ${block}`;
  if (isRoot) {
    const end = at + 32 + 8 * fs.view.getUint16(block * fs.blockSize + 34, true);
    const fields = [...words("index", at, end, 4), ...words("index", at, end, 1)];
    return {
      kind: "hash tree",
      name,
      fields,
      tempting: [...tempting, 1, 2, 3],
      mend: mendIndex(fs, number, block, 32),
    };
  }
  return {
    kind: "directory",
    name,
    fields: entryFields(fs, block),
    tempting: [...tempting, 0x2f, 0x2e, 12, 1012],
    mend: mendLeaf(fs, number, block),
  };
}

function entryFields(fs: Ext4Image, block: number): Field[] {
  const fields: Field[] = [];
  for (let at = 0; at + 12 <= fs.blockSize; ) {
    const start = block * fs.blockSize + at;
    const length = fs.view.getUint16(start + 4, true);
    if (length < 12) break;
    const layout = {
      inode: [0, 4],
      rec_len: [4, 2],
      name_len: [6, 1],
      file_type: [7, 1],
      name: [8, 1],
      more: [9, 1],
    } as const;
    fields.push(...fieldsAt(fs.base + start, layout));
    at += length;
  }
  return fields;
}
