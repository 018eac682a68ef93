/** On-disk structures of SQLite 3 in the words of https://www.sqlite.org/fileformat2.html. All numbers are big-endian. */
import { bytes, struct, u8, u16, u32 } from "../../kit/struct.ts";

export const MAGIC = "SQLite format 3\0";

export const databaseHeader = struct("SQLite database header", "big", 100, {
  magic: bytes(0, 16),
  /** 1 stands for 65536. */
  pageSize: u16(16),
  /** 1: rollback journal, 2: write-ahead log. */
  readVersion: u8(19),
  reserved: u8(20),
  changeCounter: u32(24),
  pages: u32(28),
  /** 1: UTF-8, 2: UTF-16le, 3: UTF-16be; 0 in an empty database. */
  encoding: u32(56),
  /** `pages` counts where this is `changeCounter`. */
  validFor: u32(92),
});

/** The write-ahead log's; with the lowest bit set its checksums are of big-endian words. */
export const WAL_MAGIC = 0x377f0682;
export const WAL_VERSION = 3007000;

export const walHeader = struct("SQLite WAL header", "big", 32, {
  magic: u32(0),
  version: u32(4),
  pageSize: u32(8),
  salt1: u32(16),
  salt2: u32(20),
  checksum1: u32(24),
  checksum2: u32(28),
});

/** Before each page in the log. */
export const frameHeader = struct("SQLite WAL frame header", "big", 24, {
  page: u32(0),
  /** Pages of the database after a commit; 0 for any other frame. */
  committed: u32(4),
  salt1: u32(8),
  salt2: u32(12),
  checksum1: u32(16),
  checksum2: u32(20),
});

/** The rollback journal's, before each stretch of pages as they were (section 3). It fills a sector. */
export const JOURNAL_MAGIC = "\xd9\xd5\x05\xf9\x20\xa1\x63\xd7";

export const journalHeader = struct("SQLite journal header", "big", 28, {
  magic: bytes(0, 8),
  /** Pages that follow; all ones where they go to the file's end. */
  records: u32(8),
  /** What checksums begin with. */
  nonce: u32(12),
  /** Of the database before the transaction. */
  pages: u32(16),
  sector: u32(20),
  pageSize: u32(24),
});

/** First byte of a page of a table's b-tree. */
export const INTERIOR_TABLE = 0x05;
export const LEAF_TABLE = 0x0d;
