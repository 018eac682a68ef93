/**
 * On-disk structures of ext2, ext3 and ext4 in the names of https://docs.kernel.org/filesystems/ext4/ (journal:
 * https://docs.kernel.org/filesystems/ext4/journal.html). What is read per file (inodes, extents, directory entries)
 * stands here as offsets for DataView loops; what is read once is a struct.
 */
import { bytes, cstring, struct, u8, u16, u32, uuid } from "../../kit/struct.ts";

export const SUPERBLOCK_OFFSET = 1024;
export const SUPERBLOCK_SIZE = 1024;
export const EXT4_SUPER_MAGIC = 0xef53;

export const superBlock = struct("ext4_super_block", "little", SUPERBLOCK_SIZE, {
  s_inodes_count: u32(0x0),
  s_blocks_count_lo: u32(0x4),
  s_free_blocks_count_lo: u32(0xc),
  s_first_data_block: u32(0x14),
  s_log_block_size: u32(0x18),
  s_log_cluster_size: u32(0x1c),
  s_blocks_per_group: u32(0x20),
  s_clusters_per_group: u32(0x24),
  s_inodes_per_group: u32(0x28),
  s_magic: u16(0x38),
  s_state: u16(0x3a),
  s_rev_level: u32(0x4c),
  s_inode_size: u16(0x58),
  s_feature_compat: u32(0x5c),
  s_feature_incompat: u32(0x60),
  s_feature_ro_compat: u32(0x64),
  s_uuid: bytes(0x68, 16),
  s_uuid_text: uuid(0x68),
  s_volume_name: cstring(0x78, 16),
  s_journal_uuid: uuid(0xd0),
  s_journal_inum: u32(0xe0),
  s_last_orphan: u32(0xe8),
  s_hash_seed: bytes(0xec, 16),
  s_desc_size: u16(0xfe),
  s_first_meta_bg: u32(0x104),
  s_blocks_count_hi: u32(0x150),
  s_free_blocks_count_hi: u32(0x158),
  s_flags: u32(0x160),
  s_checksum_type: u8(0x175),
  s_backup_bgs_0: u32(0x24c),
  s_backup_bgs_1: u32(0x250),
  s_checksum_seed: u32(0x270),
  s_checksum: u32(0x3fc),
});

/** `s_state`. */
export const EXT4_VALID_FS = 1;
export const EXT4_ERROR_FS = 2;
/** `s_flags`: what `char` was where the directory hashes were computed. */
export const EXT2_FLAGS_SIGNED_HASH = 1;
export const EXT2_FLAGS_UNSIGNED_HASH = 2;

export const COMPAT = {
  has_journal: 0x4,
  dir_index: 0x20,
  sparse_super2: 0x200,
  fast_commit: 0x400,
  orphan_file: 0x1000,
} as const;

export const INCOMPAT = {
  compression: 0x1,
  filetype: 0x2,
  needs_recovery: 0x4,
  journal_dev: 0x8,
  meta_bg: 0x10,
  extents: 0x40,
  "64bit": 0x80,
  mmp: 0x100,
  flex_bg: 0x200,
  ea_inode: 0x400,
  dirdata: 0x1000,
  metadata_csum_seed: 0x2000,
  large_dir: 0x4000,
  inline_data: 0x8000,
  encrypt: 0x10000,
  casefold: 0x20000,
} as const;

/** Those that change what the bytes mean in a way that is not read here. */
export const REFUSED_INCOMPAT = INCOMPAT.compression | INCOMPAT.dirdata;

export const RO_COMPAT = {
  sparse_super: 0x1,
  large_file: 0x2,
  btree_dir: 0x4,
  huge_file: 0x8,
  uninit_bg: 0x10,
  dir_nlink: 0x20,
  extra_isize: 0x40,
  has_snapshot: 0x80,
  quota: 0x100,
  bigalloc: 0x200,
  metadata_csum: 0x400,
  replica: 0x800,
  read_only: 0x1000,
  project: 0x2000,
  shared_blocks: 0x4000,
  verity: 0x8000,
  orphan_present: 0x10000,
} as const;

/** ext4_group_desc; the high halves are there with the 64bit feature. */
export const GROUP_DESC = {
  bg_inode_table_lo: 0x8,
  bg_free_blocks_count_lo: 0xc,
  bg_checksum: 0x1e,
  bg_inode_table_hi: 0x28,
  bg_free_blocks_count_hi: 0x2c,
} as const;

/** ext4_inode. */
export const INODE = {
  i_mode: 0x0,
  i_uid: 0x2,
  i_size_lo: 0x4,
  i_atime: 0x8,
  i_ctime: 0xc,
  i_mtime: 0x10,
  i_gid: 0x18,
  i_links_count: 0x1a,
  i_blocks_lo: 0x1c,
  i_flags: 0x20,
  i_block: 0x28,
  i_generation: 0x64,
  i_file_acl_lo: 0x68,
  i_size_high: 0x6c,
  l_i_blocks_high: 0x74,
  l_i_file_acl_high: 0x76,
  l_i_uid_high: 0x78,
  l_i_gid_high: 0x7a,
  l_i_checksum_lo: 0x7c,
  i_extra_isize: 0x80,
  i_checksum_hi: 0x82,
  i_ctime_extra: 0x84,
  i_mtime_extra: 0x88,
  i_atime_extra: 0x8c,
  i_crtime: 0x90,
  i_crtime_extra: 0x94,
} as const;

export const I_BLOCK_SIZE = 60;
export const GOOD_OLD_INODE_SIZE = 128;
export const EXT4_ROOT_INO = 2;

export const INODE_FLAG = {
  encrypt: 0x800,
  index: 0x1000,
  extents: 0x80000,
  ea_inode: 0x200000,
  inline_data: 0x10000000,
  casefold: 0x40000000,
} as const;

export const EXT4_EXT_MAGIC = 0xf30a;
/** ext4_extent_header, ext4_extent and ext4_extent_idx are 12 bytes each. */
export const EXTENT_SIZE = 12;
export const EXT_MAX_DEPTH = 5;
/** `ee_len` past this: written but uninitialised, reads as zeros. */
export const EXT_INIT_MAX_LEN = 32768;

/** ext4_dir_entry_2: inode u32, rec_len u16, name_len u8, file_type u8, name. */
export const DIR_ENTRY_HEADER = 8;
/** ext4_dir_entry_tail: a fake entry with the block's checksum. */
export const DIR_TAIL_SIZE = 12;
export const DIR_TAIL_TYPE = 0xde;

export const EXT4_XATTR_MAGIC = 0xea020000;
/** ext4_xattr_header of a block; in an inode the magic stands alone. */
export const XATTR_HEADER_SIZE = 32;
export const XATTR_ENTRY_SIZE = 16;

/** `e_name_index`; 7 (`system.`, inline data) and 9 (encryption context) are the file system's own. */
export const XATTR_PREFIX: Readonly<Record<number, string>> = {
  1: "user.",
  2: "system.posix_acl_access",
  3: "system.posix_acl_default",
  4: "trusted.",
  6: "security.",
  8: "system.richacl",
  10: "gnu.",
};
export const XATTR_INDEX_SYSTEM = 7;
