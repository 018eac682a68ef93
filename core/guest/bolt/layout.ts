/**
 * On-disk structures of bbolt (go.etcd.io/bbolt: internal/common/page.go, meta.go, inode.go, bucket.go). Numbers are in
 * the byte order of the machine that wrote them: little-endian ones are read.
 */
import { bits64, struct, u16, u32, u64 } from "../../kit/struct.ts";

export const MAGIC = 0xed0cdaed;
export const VERSION = 2;

export const pageHeader = struct("bolt.page", "little", 16, {
  id: u64(0),
  flags: u16(8),
  /** Elements that follow. */
  elements: u16(10),
  /** Pages behind this one that belong to it. */
  overflow: u32(12),
});

export const BRANCH_PAGE = 0x01;
export const LEAF_PAGE = 0x02;

/** Behind the header of pages 0 and 1. */
export const meta = struct("bolt.meta", "little", 64, {
  magic: u32(0),
  version: u32(4),
  pageSize: u32(8),
  /** The page of the root bucket. */
  root: u64(16),
  /** Pages in use lie below it. */
  pages: u64(40),
  transaction: u64(48),
  /** FNV-1a of what is before it. */
  checksum: bits64(56),
});

/** Offsets of keys count from the element's own start. */
export const branchElement = struct("bolt.branchPageElement", "little", 16, {
  offset: u32(0),
  keySize: u32(4),
  page: u64(8),
});

export const leafElement = struct("bolt.leafPageElement", "little", 16, {
  flags: u32(0),
  offset: u32(4),
  keySize: u32(8),
  valueSize: u32(12),
});

/** The value is a bucket. */
export const BUCKET = 0x01;

/** A bucket's value; the page itself follows where `root` is 0. */
export const bucketHeader = struct("bolt.bucket", "little", 16, { root: u64(0) });
