/**
 * On-disk structures of btrfs in the names of https://btrfs.readthedocs.io/en/latest/dev/On-disk-format.html. All numbers
 * are little-endian. What is read per item stands here as offsets for DataView loops; what is read once is a struct.
 */
import { bits64, bytes, cstring, type Field, struct, u8, u16, u32, uuid } from "../../kit/struct.ts";

import { readId } from "./key.ts";

/** Where copies of the superblock lie, the first one being the one that counts. */
export const SUPERBLOCK_OFFSETS = [0x1_0000, 0x400_0000, 0x40_0000_0000] as const;
export const SUPERBLOCK_SIZE = 4096;
export const BTRFS_MAGIC = "_BHRfS_M";
/** Every checksum has this much room, whatever its kind takes of it. */
export const CSUM_SIZE = 32;

/** As keys hold them; what is past 2^53 is refused where the superblock is checked. */
const id64 = (offset: number): Field<number> => ({ offset, size: 8, read: (view, at) => readId(view, at) });

export const superBlock = struct("btrfs_super_block", "little", SUPERBLOCK_SIZE, {
  csum: bytes(0, CSUM_SIZE),
  fsid: bytes(0x20, 16),
  fsid_text: uuid(0x20),
  bytenr: id64(0x30),
  flags: bits64(0x38),
  generation: id64(0x48),
  root: id64(0x50),
  chunk_root: id64(0x58),
  log_root: id64(0x60),
  total_bytes: id64(0x70),
  bytes_used: id64(0x78),
  root_dir_objectid: id64(0x80),
  num_devices: id64(0x88),
  sectorsize: u32(0x90),
  nodesize: u32(0x94),
  sys_chunk_array_size: u32(0xa0),
  chunk_root_generation: id64(0xa4),
  compat_ro_flags: bits64(0xb4),
  incompat_flags: bits64(0xbc),
  csum_type: u16(0xc4),
  root_level: u8(0xc6),
  chunk_root_level: u8(0xc7),
  log_root_level: u8(0xc8),
  dev_devid: id64(0xc9),
  dev_total_bytes: id64(0xd1),
  dev_uuid: bytes(0xc9 + 66, 16),
  label: cstring(0x12b, 256),
  metadata_uuid: bytes(0x23b, 16),
  sys_chunk_array: bytes(0x32b, 2048),
});

/** `flags` of the superblock. */
export const SUPER_FLAG_SEEDING = 1n << 32n;
/** A change of the UUID or of the checksums was begun and not ended. */
export const SUPER_FLAGS_CHANGING = (1n << 34n) | (1n << 35n) | (1n << 36n) | (1n << 38n) | (1n << 39n);

export const INCOMPAT = {
  mixed_backref: 1n << 0n,
  default_subvol: 1n << 1n,
  mixed_groups: 1n << 2n,
  compress_lzo: 1n << 3n,
  compress_zstd: 1n << 4n,
  big_metadata: 1n << 5n,
  extended_iref: 1n << 6n,
  raid56: 1n << 7n,
  skinny_metadata: 1n << 8n,
  no_holes: 1n << 9n,
  metadata_uuid: 1n << 10n,
  raid1c34: 1n << 11n,
  zoned: 1n << 12n,
  extent_tree_v2: 1n << 13n,
  raid_stripe_tree: 1n << 14n,
  simple_quota: 1n << 16n,
  remap_tree: 1n << 17n,
} as const;

/** Those that change where things are in a way that is not read here. */
export const REFUSED_INCOMPAT =
  INCOMPAT.zoned | INCOMPAT.extent_tree_v2 | INCOMPAT.raid_stripe_tree | INCOMPAT.remap_tree;

/** Trees and places by number; those below 0 are the top of 64 bits. */
export const OBJECTID = {
  root_tree: 1,
  chunk_tree: 3,
  fs_tree: 5,
  csum_tree: 7,
  first_free: 256,
  tree_log: -6,
  tree_log_fixup: -7,
  extent_csum: -10,
} as const;
/** The first inode of a subvolume is its root; higher numbers than the last are the file system's own. */
export const EMPTY_SUBVOL_DIR = 2;
export const LAST_FREE = -256;

export const KEY_TYPE = {
  inode_item: 1,
  inode_ref: 12,
  inode_extref: 13,
  xattr_item: 24,
  dir_log_item: 60,
  dir_log_index: 72,
  dir_item: 84,
  dir_index: 96,
  extent_data: 108,
  extent_csum: 128,
  root_item: 132,
  root_backref: 144,
  root_ref: 156,
  dev_item: 216,
  chunk_item: 228,
} as const;

/** btrfs_disk_key: objectid u64, type u8, offset u64. */
export const KEY_SIZE = 17;
/** btrfs_header. */
export const HEADER = {
  fsid: 0x20,
  bytenr: 0x30,
  chunk_tree_uuid: 0x40,
  generation: 0x50,
  owner: 0x58,
  nritems: 0x60,
  level: 0x64,
} as const;
export const HEADER_SIZE = 101;
/** btrfs_item: a key, then where its data stands behind the header, and its length. */
export const ITEM_SIZE = 25;
/** btrfs_key_ptr: a key, the block, its generation. */
export const KEY_PTR_SIZE = 33;
export const MAX_LEVEL = 8;

/** btrfs_chunk. */
export const CHUNK = {
  length: 0,
  owner: 8,
  stripe_len: 16,
  type: 24,
  num_stripes: 44,
  sub_stripes: 46,
  stripes: 48,
} as const;
/** btrfs_stripe: devid, offset, the device's UUID. */
export const STRIPE_SIZE = 32;
export const STRIPE_LEN = 0x1_0000;

/** btrfs_dev_item. */
export const DEV_ITEM = { devid: 0, total_bytes: 8, uuid: 66, fsid: 82 } as const;
export const DEV_ITEM_SIZE = 98;

/** Bits of a chunk's type. */
export const BLOCK_GROUP = {
  data: 1,
  system: 2,
  metadata: 4,
  raid0: 8,
  raid1: 16,
  dup: 32,
  raid10: 64,
  raid5: 128,
  raid6: 256,
  raid1c3: 512,
  raid1c4: 1024,
} as const;

/** btrfs_inode_item. */
export const INODE = {
  generation: 0,
  transid: 8,
  size: 16,
  nbytes: 24,
  nlink: 40,
  uid: 44,
  gid: 48,
  mode: 52,
  rdev: 56,
  flags: 64,
  atime: 112,
  ctime: 124,
  mtime: 136,
  otime: 148,
} as const;
export const INODE_ITEM_SIZE = 160;
export const INODE_FLAG = { nodatasum: 1, nodatacow: 2 } as const;

/** btrfs_root_item; older ones end before `generation_v2`. */
export const ROOT_ITEM = {
  root_dirid: 168,
  bytenr: 176,
  flags: 208,
  refs: 216,
  level: 238,
  generation: 160,
  generation_v2: 239,
  uuid: 247,
  parent_uuid: 263,
} as const;
export const ROOT_ITEM_V0_SIZE = 239;
export const ROOT_ITEM_SIZE = 439;

/** btrfs_root_ref: the directory, the entry's index, the name's length, the name. */
export const ROOT_REF = { dirid: 0, sequence: 8, name_len: 16, name: 18 } as const;
/** btrfs_inode_ref: the entry's index, the name's length, the name. */
export const INODE_REF = { index: 0, name_len: 8, name: 10 } as const;
/** btrfs_inode_extref: the directory, the entry's index, the name's length, the name. */
export const INODE_EXTREF = { parent: 0, index: 8, name_len: 16, name: 18 } as const;

/** btrfs_dir_item: a key, a transaction, lengths of data and name, the type; then the name and the data. */
export const DIR_ITEM = { location: 0, data_len: 25, name_len: 27, type: 29, name: 30 } as const;
export const NAME_MAX = 255;

/** btrfs_file_extent_item; inline data begins where `disk_bytenr` would. */
export const FILE_EXTENT = {
  generation: 0,
  ram_bytes: 8,
  compression: 16,
  encryption: 17,
  other_encoding: 18,
  type: 20,
  disk_bytenr: 21,
  disk_num_bytes: 29,
  offset: 37,
  num_bytes: 45,
} as const;
export const FILE_EXTENT_SIZE = 53;
export const EXTENT_TYPE = { inline: 0, regular: 1, prealloc: 2 } as const;
/** Bytes of one compressed extent, packed and unpacked. */
export const MAX_COMPRESSED = 128 << 10;
