/**
 * The log in the names of the kernel's fs/xfs/libxfs/xfs_log_format.h. Record headers are big-endian; what transactions
 * hold is in the order of the machine that wrote it, which records say (`h_fmt`).
 */
import { bytes, struct, u32 } from "../../kit/struct.ts";
import { wide } from "./wide.ts";

export const XLOG_HEADER_MAGIC = 0xfeedbabe;
/** `h_fmt`: little-endian, the only order that is read. */
export const XLOG_FMT_LITTLE = 1;

export const recordHeader = struct("xlog_rec_header", "big", 512, {
  h_magicno: u32(0),
  h_cycle: u32(4),
  h_version: u32(8),
  h_len: u32(12),
  h_lsn_cycle: u32(16),
  h_lsn_block: u32(20),
  h_lsn: wide(16),
  h_tail_cycle: u32(24),
  h_tail_block: u32(28),
  h_num_logops: u32(40),
  h_fmt: u32(300),
  h_fs_uuid: bytes(304, 16),
  h_size: u32(320),
});
export const H_CRC = 32;
export const H_CYCLE_DATA = 44;
/** Bytes of a header that its checksum covers: as 64-bit machines lay it out, and as 32-bit ones do. */
export const HEADER_SIZES = [328, 324] as const;
/** The same of the headers that follow where a record is long. */
export const EXTENDED_SIZE = 260;
/** Blocks whose first words one header keeps. */
export const CYCLES = 64;
/** Bytes of payload that one header serves. */
export const CYCLE_SIZE = 32 << 10;
/** XLOG_MAX_RECORD_BSIZE, and how many records may be on their way at once. */
export const MAX_RECORD = 256 << 10;
export const MAX_ICLOGS = 8;

/** xlog_op_header. */
export const OP = { oh_tid: 0, oh_len: 4, oh_clientid: 8, oh_flags: 9, size: 12 } as const;
export const OP_FLAG = { start: 0x1, commit: 0x2, continue: 0x4, wasContinued: 0x8, end: 0x10, unmount: 0x20 } as const;
/** XFS_TRANSACTION, XFS_LOG. */
export const CLIENTS: readonly number[] = [0x69, 0xaa];
/** xfs_trans_header. */
export const TRANS_HEADER_SIZE = 16;
export const TRANS_MAGIC = 0x5452414e;
