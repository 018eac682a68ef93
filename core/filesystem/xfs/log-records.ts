import { crc32c } from "../../kit/checksum.ts";
import { hex } from "../fault.ts";
import { BASIC_BLOCK } from "./layout.ts";
import { headerBlocks, type LogBlocks, type RecordHeader, recordBlocks } from "./log-blocks.ts";
import {
  CYCLE_SIZE,
  CYCLES,
  EXTENDED_SIZE,
  H_CRC,
  H_CYCLE_DATA,
  HEADER_SIZES,
  MAX_RECORD,
  recordHeader,
  XLOG_FMT_LITTLE,
  XLOG_HEADER_MAGIC,
} from "./log-layout.ts";
import { viewOf } from "./wide.ts";

/** A record read whole. */
export interface LogRecord {
  readonly at: number;
  readonly raw: RecordHeader;
  /** Cycle and block of its own. */
  readonly lsn: bigint;
  /** Its payload, as it was before it was written. */
  readonly data: Uint8Array;
  /** What is wrong with it, or null. */
  readonly fault: string | null;
}

/** The records from `tail` on to `head`, in order. Stops after one that is not whole, which carries its fault. */
export async function* recordsOf(log: LogBlocks, tail: number, head: number): AsyncGenerator<LogRecord> {
  for (let at = tail, left = log.distance(tail, head); left > 0; ) {
    const record = await readRecord(log, at, left);
    yield record;
    if (record.fault !== null) return;
    const took = recordBlocks(record.raw);
    at = log.after(at, took);
    left -= took;
  }
}

async function readRecord(log: LogBlocks, at: number, left: number): Promise<LogRecord> {
  const raw = recordHeader.decode((await log.read(at, 1)).slice());
  const lsn = (BigInt(raw.h_lsn_cycle) << 32n) | BigInt(raw.h_lsn_block);
  const bad = (fault: string): LogRecord => ({ at, raw, lsn, data: new Uint8Array(0), fault });
  if (raw.h_magicno !== XLOG_HEADER_MAGIC) return bad(`no record begins there: its magic is ${hex(raw.h_magicno)}`);
  if (raw.h_version !== 1 && raw.h_version !== 2) return bad(`a record is of version ${raw.h_version}`);
  if (raw.h_len > MAX_RECORD) return bad(`a record says ${raw.h_len} bytes`);
  const headers = headerBlocks(raw);
  const blocks = recordBlocks(raw);
  if (blocks > left) return bad("a record reaches past the log's end");
  const bytes = (await log.read(at, blocks)).slice();
  const wrong = checksumFault(log, bytes, headers, raw.h_len);
  if (wrong) return bad(wrong);
  unpack(bytes, headers);
  const start = headers * BASIC_BLOCK;
  return { at, raw, lsn, data: bytes.subarray(start, start + raw.h_len), fault: null };
}

/** Version 4 writes checksums too, and lives with their absence. */
function checksumFault({ volume }: LogBlocks, bytes: Uint8Array, headers: number, length: number): string | null {
  const stored = viewOf(bytes).getUint32(H_CRC, true);
  if (stored === 0 && !volume.sb.v5) return null;
  if (HEADER_SIZES.some((size) => checksum(bytes, size, headers, length) === stored)) return null;
  return `a record's checksum is ${hex(stored)}, and its content's is another`;
}

/** Over the header, those of the ones that continue it that are in use, and the payload as it stands on disk. */
function checksum(bytes: Uint8Array, size: number, headers: number, length: number): number {
  let crc = crc32c(0xffffffff, bytes, 0, H_CRC);
  crc = crc32c(crc32c(crc, new Uint8Array(4)), bytes, H_CRC + 4, size);
  for (let index = 1; index < Math.min(headers, Math.ceil(length / CYCLE_SIZE)); index++) {
    crc = crc32c(crc, bytes, index * BASIC_BLOCK, index * BASIC_BLOCK + EXTENDED_SIZE);
  }
  const start = headers * BASIC_BLOCK;
  return ~crc32c(crc, bytes, start, Math.min(start + length, bytes.length)) >>> 0;
}

/** The first word of each block was kept in the headers and replaced by the number of the round. */
function unpack(bytes: Uint8Array, headers: number): void {
  const view = viewOf(bytes);
  const start = headers * BASIC_BLOCK;
  for (let index = 0; start + index * BASIC_BLOCK < bytes.length; index++) {
    const header = Math.floor(index / CYCLES);
    if (header >= headers) return;
    const kept = header === 0 ? H_CYCLE_DATA : header * BASIC_BLOCK + 4;
    view.setUint32(start + index * BASIC_BLOCK, view.getUint32(kept + (index % CYCLES) * 4));
  }
}

/** Throws `E_XFS_LOG` for what another machine, or another file system's, wrote. */
export function checkOrigin(log: LogBlocks, { at, raw }: Pick<LogRecord, "at" | "raw">): void {
  if (raw.h_fmt !== XLOG_FMT_LITTLE) {
    throw log.fault(
      at,
      `it is to be replayed and was written by a machine of another byte order (format ${raw.h_fmt})`,
    );
  }
  const { sb_uuid } = log.volume.sb.raw;
  if (!raw.h_fs_uuid.every((byte, index) => byte === sb_uuid[index])) {
    throw log.fault(at, "a record belongs to another file system");
  }
}
