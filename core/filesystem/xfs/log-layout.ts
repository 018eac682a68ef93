/**
 * The log in the names of the kernel's fs/xfs/libxfs/xfs_log_format.h. Record headers are big-endian; what transactions
 * hold is in the order of the machine that wrote it, which records say (`h_fmt`).
 */
import { bytes, struct, u32 } from "../../kit/struct.ts";
import { wide } from "./wide.ts";

export const XLOG_HEADER_MAGIC = 0xfeedbabe;

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
/** Bytes of payload that one header serves. */
export const CYCLE_SIZE = 32 << 10;
/** XLOG_MAX_RECORD_BSIZE, and how many records may be on their way at once. */
export const MAX_RECORD = 256 << 10;
export const MAX_ICLOGS = 8;

/** xlog_op_header. */
export const OP = { oh_tid: 0, oh_len: 4, oh_clientid: 8, oh_flags: 9, size: 12 } as const;
export const OP_FLAG = { start: 0x1, commit: 0x2, continue: 0x4, wasContinued: 0x8, end: 0x10, unmount: 0x20 } as const;
