import { crc32c } from "../../../core/kit/checksum.ts";
import { type Field, fieldsAt, type Structure, words } from "./structure.ts";

const SUPERBLOCK = 0x1_0000;
const BLOCK = 4096;
const HEADER = 101;

const SUPER_FIELDS = {
  fsid: [0x20, 4],
  bytenr: [0x30, 8],
  flags: [0x38, 8],
  generation: [0x48, 8],
  root: [0x50, 8],
  chunk_root: [0x58, 8],
  log_root: [0x60, 8],
  total_bytes: [0x70, 8],
  bytes_used: [0x78, 8],
  root_dir: [0x80, 8],
  num_devices: [0x88, 8],
  sectorsize: [0x90, 4],
  nodesize: [0x94, 4],
  sys_chunk_array_size: [0xa0, 4],
  chunk_root_generation: [0xa4, 8],
  incompat: [0xbc, 8],
  csum_type: [0xc4, 2],
  root_level: [0xc6, 1],
  chunk_root_level: [0xc7, 1],
  log_root_level: [0xc8, 1],
  devid: [0xc9, 8],
  chunk_key: [0x32b + 9, 8],
  chunk_length: [0x32b + 17, 8],
  chunk_type: [0x32b + 17 + 24, 8],
  stripes: [0x32b + 17 + 44, 2],
  stripe_offset: [0x32b + 17 + 56, 8],
} as const;
const HEADER_FIELDS = {
  bytenr: [0x30, 8],
  generation: [0x50, 8],
  owner: [0x58, 8],
  nritems: [0x60, 4],
  level: [0x64, 1],
} as const;

/** The superblock and every tree block that one leads to. */
export function btrfsStructures(bytes: Uint8Array): Structure[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const blocks = blocksByAddress(bytes, view);
  const used = new Set<number>();
  const todo = [0x50, 0x58, 0x60].map((at) => u64(view, SUPERBLOCK + at));
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const at = blocks.get(next);
    if (at === undefined || used.has(at)) continue;
    used.add(at);
    todo.push(...childrenOf(view, at));
  }
  const tempting = [...used].map((at) => u64(view, at + 0x30));
  const mendSuper = mend(SUPERBLOCK);
  const superblock = {
    kind: "superblock",
    name: "superblock",
    fields: fieldsAt(SUPERBLOCK, SUPER_FIELDS),
    tempting,
    mend: mendSuper,
  };
  return [superblock, ...[...used].flatMap((at) => blockStructures(view, at, tempting))];
}

function u64(view: DataView, at: number): number {
  return Number(view.getBigUint64(at, true));
}

/** Blocks of trees, old ones among them, by the address that each bears. */
function blocksByAddress(bytes: Uint8Array, view: DataView): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  const fsid = Buffer.from(bytes.subarray(SUPERBLOCK + 0x20, SUPERBLOCK + 0x30));
  for (let at = SUPERBLOCK + BLOCK; at + BLOCK <= bytes.length; at += BLOCK) {
    if (fsid.equals(bytes.subarray(at + 0x20, at + 0x30)) && sumOf(bytes, at) === view.getUint32(at, true)) {
      found.set(u64(view, at + 0x30), at);
    }
  }
  return found;
}

function sumOf(bytes: Uint8Array, at: number): number {
  return ~crc32c(0xffffffff, bytes, at + 32, at + BLOCK) >>> 0;
}

function mend(at: number): (image: Uint8Array) => void {
  return (image) => new DataView(image.buffer, image.byteOffset).setUint32(at, sumOf(image, at), true);
}

/** Addresses that an inner block's pointers or a leaf's root items name. */
function childrenOf(view: DataView, at: number): number[] {
  const isLeaf = view.getUint8(at + 0x64) === 0;
  const found: number[] = [];
  for (let slot = 0; slot < view.getUint32(at + 0x60, true); slot++) {
    const item = at + HEADER + slot * (isLeaf ? 25 : 33);
    if (!isLeaf) found.push(u64(view, item + 17));
    else if (view.getUint8(item + 8) === 132)
      found.push(u64(view, at + HEADER + view.getUint32(item + 17, true) + 176));
  }
  return found;
}

/** The block, and each of a leaf's items by its type, so that inodes do not hide what is rare. */
function blockStructures(view: DataView, at: number, tempting: readonly number[]): Structure[] {
  const isLeaf = view.getUint8(at + 0x64) === 0;
  const name = `block at ${at} of tree ${view.getBigInt64(at + 0x58, true)}`;
  const count = view.getUint32(at + 0x60, true);
  const pointers = isLeaf ? [] : words("pointer", at + HEADER, at + HEADER + count * 33, 1);
  const fields = [...fieldsAt(at, HEADER_FIELDS), ...pointers];
  const items = isLeaf ? Array.from({ length: count }, (_, slot) => item(view, at, slot, name, tempting)) : [];
  return [{ kind: isLeaf ? "leaf" : "inner block", name, fields, tempting, mend: mend(at) }, ...items];
}

function item(view: DataView, block: number, slot: number, name: string, tempting: readonly number[]): Structure {
  const at = block + HEADER + slot * 25;
  const type = view.getUint8(at + 8);
  const start = block + HEADER + view.getUint32(at + 17, true);
  const end = start + Math.min(view.getUint32(at + 21, true), 200);
  const keys: Field[] = fieldsAt(at, { objectid: [0, 8], type: [8, 1], offset: [9, 8], data: [17, 4], size: [21, 4] });
  const data = [1, 2, 4, 8].flatMap((size) => words("data", start, end, size as Field["size"]));
  const own = [...tempting, Number(view.getBigUint64(at, true) & 0xffffffffn), 256, 5, 1, 132, 4096];
  return {
    kind: `item of type ${type}`,
    name: `item ${slot} (type ${type}) of ${name}`,
    fields: [...keys, ...keys, ...data],
    tempting: own,
    mend: mend(block),
  };
}
