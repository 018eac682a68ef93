/** What the log's items are, in the names of the kernel's fs/xfs/libxfs/xfs_log_format.h; little-endian. */
export const ITEM = {
  efi: 0x1236,
  efd: 0x1237,
  iunlink: 0x1238,
  inode: 0x123b,
  buf: 0x123c,
  dquot: 0x123d,
  quotaoff: 0x123e,
  icreate: 0x123f,
  rui: 0x1240,
  rud: 0x1241,
  cui: 0x1242,
  cud: 0x1243,
  bui: 0x1244,
  bud: 0x1245,
  attri: 0x1246,
  attrd: 0x1247,
  xmi: 0x1248,
  xmd: 0x1249,
  lastKnown: 0x124f,
} as const;

/** xfs_buf_log_format. */
export const BUF = { flags: 4, len: 6, blkno: 8, mapSize: 16, map: 20 } as const;
export const BUF_FLAG = { inode: 0x1, cancel: 0x2, dquots: 0x1c } as const;
/** Bytes that a bit of the map stands for. */
export const BUF_CHUNK = 128;

/** xfs_inode_log_format, as 64-bit machines lay it out and as 32-bit ones do. */
export const INODE_ITEM = {
  wide: { size: 56, rdev: 24, blkno: 40, len: 48, boffset: 52 },
  packed: { size: 52, rdev: 20, blkno: 36, len: 44, boffset: 48 },
} as const;
export const INODE_FIELDS = 4;
export const ILOG = {
  ddata: 0x2,
  dext: 0x4,
  dbroot: 0x8,
  dev: 0x10,
  adata: 0x40,
  aext: 0x80,
  abroot: 0x100,
  owner: 0x600,
} as const;
export const ILOG_DATA = ILOG.ddata | ILOG.dext | ILOG.dbroot;
export const ILOG_ATTRIBUTES = ILOG.adata | ILOG.aext | ILOG.abroot;

/** xfs_icreate_log; big-endian behind its first four bytes. */
export const ICREATE = { ag: 4, agbno: 8, count: 12, isize: 16, length: 20, gen: 24, size: 28 } as const;

/** Of what was begun (an intent) and what ended it: where its id stands. */
export const INTENT_ID = 8;
/** Where xfs_attri_log_format has the namespace that it works in. */
export const ATTRI_FILTER = 36;
