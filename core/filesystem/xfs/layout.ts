/**
 * On-disk structures of xfs in the names of the kernel's fs/xfs/libxfs/xfs_format.h and xfs_da_format.h
 * (https://docs.kernel.org/filesystems/xfs/); all big-endian but checksums. What is read per file (inodes, extents,
 * directory entries) stands here as offsets for DataView loops; what is read once is a struct.
 */
import { bytes, cstring, struct, u8, u16, u32, uuid } from "../../kit/struct.ts";
import { wide } from "./wide.ts";

export const XFS_SB_MAGIC = 0x58465342;
/** Bytes: the smallest sector, which holds all of it. */
export const SUPERBLOCK_SIZE = 512;

export const superBlock = struct("xfs_dsb", "big", SUPERBLOCK_SIZE, {
  sb_magicnum: u32(0),
  sb_blocksize: u32(4),
  sb_dblocks: wide(8),
  sb_rblocks: wide(16),
  sb_uuid: bytes(32, 16),
  sb_uuid_text: uuid(32),
  sb_logstart: wide(48),
  sb_rootino: wide(56),
  sb_agblocks: u32(84),
  sb_agcount: u32(88),
  sb_logblocks: u32(96),
  sb_versionnum: u16(100),
  sb_sectsize: u16(102),
  sb_inodesize: u16(104),
  sb_inopblock: u16(106),
  sb_fname: cstring(108, 12),
  sb_blocklog: u8(120),
  sb_sectlog: u8(121),
  sb_inodelog: u8(122),
  sb_inopblog: u8(123),
  sb_agblklog: u8(124),
  sb_inprogress: u8(126),
  sb_fdblocks: wide(144),
  sb_dirblklog: u8(192),
  sb_logsectlog: u8(193),
  sb_logsectsize: u16(194),
  sb_logsunit: u32(196),
  sb_features2: u32(200),
  sb_bad_features2: u32(204),
  sb_features_compat: u32(208),
  sb_features_ro_compat: u32(212),
  sb_features_incompat: u32(216),
  sb_features_log_incompat: u32(220),
  sb_meta_uuid: bytes(248, 16),
});
export type RawSuperblock = ReturnType<typeof superBlock.decode>;
export const SB_CRC = 224;

/** `sb_versionnum` below its version in the lowest four bits. */
export const VERSION = {
  logv2: 0x400,
  extflg: 0x1000,
  dirv2: 0x2000,
  asciici: 0x4000,
  morebits: 0x8000,
} as const;
export const VERSION_NUMBER = 0xf;
/** `sb_features2` of version 4. */
export const FEATURES2 = { lazysbcount: 0x2, attr2: 0x8, projid32: 0x80, crc: 0x100, ftype: 0x200 } as const;
export const INCOMPAT = {
  ftype: 0x1,
  spinodes: 0x2,
  meta_uuid: 0x4,
  bigtime: 0x8,
  needsrepair: 0x10,
  nrext64: 0x20,
  exchrange: 0x40,
  parent: 0x80,
  metadir: 0x100,
  zoned: 0x200,
  zone_gaps: 0x400,
} as const;
/** Known by name and not read. */
export const REFUSED_INCOMPAT = INCOMPAT.needsrepair | INCOMPAT.metadir | INCOMPAT.zoned | INCOMPAT.zone_gaps;
export const RO_COMPAT = { finobt: 0x1, rmapbt: 0x2, reflink: 0x4, inobtcount: 0x8 } as const;
export const LOG_INCOMPAT = { xattrs: 0x1 } as const;

/** Addresses of disks (`xfs_daddr_t`) count sectors of this many bytes, whatever the device has. */
export const BASIC_BLOCK = 512;

/** xfs_agf, in the second sector of each allocation group. */
export const XFS_AGF_MAGIC = 0x58414746;
export const AGF = {
  agf_magicnum: 0,
  agf_seqno: 8,
  agf_length: 12,
  agf_flcount: 48,
  agf_freeblks: 52,
  agf_btreeblks: 60,
  agf_crc: 216,
} as const;

export const XFS_DINODE_MAGIC = 0x494e;
/** xfs_dinode. */
export const INODE = {
  di_magic: 0,
  di_mode: 2,
  di_version: 4,
  di_format: 5,
  di_onlink: 6,
  di_uid: 8,
  di_gid: 12,
  di_nlink: 16,
  di_big_nextents: 24,
  di_atime: 32,
  di_mtime: 40,
  di_ctime: 48,
  di_size: 56,
  di_nextents: 76,
  di_big_anextents: 76,
  di_anextents: 80,
  di_forkoff: 82,
  di_aformat: 83,
  di_flags: 90,
  di_gen: 92,
  di_next_unlinked: 96,
  di_crc: 100,
  di_changecount: 104,
  di_lsn: 112,
  di_flags2: 120,
  di_crtime: 144,
  di_ino: 152,
  di_uuid: 160,
} as const;
/** Where the forks begin: in versions 1 and 2, and in 3. */
export const DINODE_SIZE = { old: 100, v3: 176 } as const;
export const FORMAT = { dev: 0, local: 1, extents: 2, btree: 3 } as const;
/** `di_flags`. */
export const DIFLAG_REALTIME = 0x1;
/** Low word of `di_flags2`. */
export const DIFLAG2 = { bigtime: 0x8, nrext64: 0x10 } as const;

/** xfs_bmbt_rec: 16 bytes. */
export const EXTENT_SIZE = 16;
export const BMBT = { old: 0x424d4150, crc: 0x424d4133 } as const;
/** xfs_btree_block, the long form. */
export const BTREE = { bb_level: 4, bb_numrecs: 6, bb_leftsib: 8, bb_rightsib: 16, size: 24, sizeCrc: 72 } as const;
/** XFS_BTREE_MAXLEVELS. */
export const MAX_LEVELS = 9;

/** Where the fields stand that version 5 gives to each kind of block of its own. */
export interface SelfDescription {
  readonly crc: number;
  readonly blkno: number;
  readonly uuid: number;
  readonly owner: number;
}
export const BTREE_SELF: SelfDescription = { crc: 64, blkno: 24, uuid: 40, owner: 56 };
export const DATA_SELF: SelfDescription = { crc: 4, blkno: 8, uuid: 24, owner: 40 };
export const DA_SELF: SelfDescription = { crc: 12, blkno: 16, uuid: 32, owner: 48 };
export const REMOTE_SELF: SelfDescription = { crc: 12, blkno: 40, uuid: 16, owner: 32 };

/** Blocks of directories: data and hash tree in one, data alone. */
export const DIR_BLOCK = { old: 0x58443242, crc: 0x58444233 } as const;
export const DIR_DATA = { old: 0x58443244, crc: 0x58444433 } as const;
/** Bytes before the first entry. */
export const DIR_DATA_HEADER = { old: 16, crc: 64 } as const;
export const DIR_FREE_TAG = 0xffff;
/** Addresses of entries count these. */
export const DIR_DATA_ALIGN = 8;
/** Where the hash tree stands in a directory's address space, in bytes: behind 32 GiB of data. */
export const DIR_LEAF_OFFSET = 2 ** 35;

/** `magic` of blocks in the tree of hashes (xfs_da_blkinfo): a directory's leaves, an attribute's, nodes. */
export const DIR_LEAF1 = { old: 0xd2f1, crc: 0x3df1 } as const;
export const DIR_LEAFN = { old: 0xd2ff, crc: 0x3dff } as const;
export const DA_NODE = { old: 0xfebe, crc: 0x3ebe } as const;
export const ATTR_LEAF = { old: 0xfbee, crc: 0x3bee } as const;
export const DA_INFO = { forw: 0, back: 4, magic: 8, size: 12, sizeCrc: 56 } as const;
export const DA_NODE_MAX_DEPTH = 5;

/** Bytes of xfs_attr_leaf_hdr; entries of 8 bytes follow. */
export const ATTR_LEAF_HEADER = { old: 32, crc: 80 } as const;
export const ATTR_FLAG = { local: 0x1, root: 0x2, secure: 0x4, parent: 0x8, incomplete: 0x80 } as const;

export const SYMLINK_MAGIC = 0x58534c4d;
export const ATTR_REMOTE_MAGIC = 0x5841524d;
/** xfs_dsymlink_hdr and xfs_attr3_rmt_hdr: offset, bytes; their size. */
export const REMOTE = { magic: 0, offset: 4, bytes: 8, size: 56 } as const;
export const SYMLINK_MAXLEN = 1024;
