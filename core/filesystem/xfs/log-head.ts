import { BASIC_BLOCK } from "./layout.ts";
import { cycleAt, type FoundHeader, headerBlocks, type LogBlocks, recordBlocks } from "./log-blocks.ts";
import { MAX_ICLOGS, MAX_RECORD, OP, OP_FLAG } from "./log-layout.ts";
import { viewOf } from "./wide.ts";

/** Blocks that may be on their way at once, out of order. */
const IN_FLIGHT = (MAX_ICLOGS * MAX_RECORD) / BASIC_BLOCK;
/** An unmount record is a header, those that continue it, and one block. */
const UNMOUNT = MAX_ICLOGS + 1;
const LONGEST = MAX_RECORD / BASIC_BLOCK + MAX_ICLOGS;

/** Where the log ends and the last record before that; null where nothing was ever written. */
export interface Head {
  /** The block after the last one of the log. */
  readonly block: number;
  readonly last: FoundHeader;
  /** The last record says that the file system was unmounted: there is nothing to replay. */
  readonly clean: boolean;
}

/**
 * Finds the end of the log as fs/xfs/xfs_log_recover.c does: every block bears the number of the round in which it was
 * written, so that the end is where that number falls. A clean log is told by a dozen blocks.
 * Throws `E_XFS_LOG`.
 */
export async function findHead(log: LogBlocks): Promise<Head | null> {
  const first = await log.cycle(0);
  if (first === 0) return null;
  const end = await findFall(log, first);
  const guess = await headAt(log, end % log.count, UNMOUNT);
  if (guess?.clean) return guess;
  const head = await settle(log, end, first);
  const found = await headAt(log, head, LONGEST);
  if (found) return found;
  throw log.fault(head, "no record ends where the log ends");
}

/** The first block that is not of the round that block 0 is of: the log's own count where all of them are. */
async function findFall(log: LogBlocks, first: number): Promise<number> {
  if ((await log.cycle(log.count - 1)) === first) return log.count;
  let low = 0;
  let high = log.count - 1;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((await log.cycle(middle)) === first) low = middle;
    else high = middle;
  }
  return high;
}

/**
 * Records on their way at a crash came to the disk in any order: the end is at the first block among the last ones that
 * is still of the round before, and at no block within a record.
 */
async function settle(log: LogBlocks, end: number, first: number): Promise<number> {
  const scan = Math.min(IN_FLIGHT, log.count);
  const before = Math.max(0, scan - end);
  const last = await log.cycle(log.count - 1);
  const older = before > 0 && end < log.count ? await firstOther(log, log.count - before, before, last) : null;
  const newer = older ?? (await firstOther(log, Math.max(0, end - scan), Math.min(end, scan), first)) ?? end;
  return wholeRecords(log, newer);
}

/** The first of `count` blocks that is not of the round `cycle`, or null. */
async function firstOther(log: LogBlocks, start: number, count: number, cycle: number): Promise<number | null> {
  const view = viewOf(await log.read(start, count));
  for (let index = 0; index < count; index++) if (cycleAt(view, index * BASIC_BLOCK) !== cycle) return start + index;
  return null;
}

/** Where the last record before `end` is cut off there, its beginning. */
async function wholeRecords(log: LogBlocks, end: number): Promise<number> {
  const last = await log.headerBefore(end % log.count, Math.min(LONGEST, log.count));
  if (!last) return end % log.count;
  return log.distance(last.at, end % log.count) === recordBlocks(last.raw) ? end % log.count : last.at;
}

async function headAt(log: LogBlocks, block: number, within: number): Promise<Head | null> {
  const last = await log.headerBefore(block, Math.min(within, log.count));
  return last && { block, last, clean: await isUnmount(log, block, last) };
}

async function isUnmount(log: LogBlocks, head: number, { at, raw }: FoundHeader): Promise<boolean> {
  if (raw.h_num_logops !== 1 || log.after(at, recordBlocks(raw)) !== head) return false;
  const data = await log.read(log.after(at, headerBlocks(raw)), 1);
  return ((data[OP.oh_flags] as number) & OP_FLAG.unmount) !== 0;
}
