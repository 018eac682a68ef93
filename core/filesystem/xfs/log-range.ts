import type { LogBlocks } from "./log-blocks.ts";
import type { Head } from "./log-head.ts";
import { MAX_ICLOGS } from "./log-layout.ts";
import { checkOrigin, type LogRecord, recordsOf } from "./log-records.ts";

/** What is to be replayed: the records from block `tail` up to block `head`. */
export interface LogRange {
  readonly tail: number;
  readonly head: number;
}

/**
 * The part of a log that is to be replayed, as fs/xfs/xfs_log_recover.c has it: records on their way at a crash may be
 * torn, so that the log ends before the first one that is; the blocks at its beginning may be overwritten already.
 * Throws `E_XFS_LOG`.
 */
export async function rangeOf(log: LogBlocks, { block, last }: Head): Promise<LogRange> {
  checkOrigin(log, last);
  const torn = await firstTorn(log, block, last.raw.h_tail_block);
  if (torn === null) return withTail(log, block, last.raw.h_tail_block);
  const sound = await log.headerBefore(torn, log.distance(last.raw.h_tail_block, torn));
  if (!sound) throw log.fault(torn, "none of its last records is whole");
  return withTail(log, torn, sound.raw.h_tail_block);
}

/** Where the first of the last records begins that is not whole; null where all are. */
async function firstTorn(log: LogBlocks, head: number, tail: number): Promise<number | null> {
  checkTail(log, head, tail);
  let start = head;
  for (let count = 0; count < MAX_ICLOGS; count++) {
    const before = await log.headerBefore(start, log.distance(tail, start));
    if (!before) break;
    start = before.at;
  }
  const torn = await faulty(log, start, head);
  return torn?.at ?? null;
}

async function withTail(log: LogBlocks, head: number, said: number): Promise<LogRange> {
  checkTail(log, head, said);
  for (let from = said, skipped = 0; ; skipped++) {
    const first = await log.headerFrom(from, log.distance(from, head));
    if (!first) throw log.fault(from, "no record begins at its tail");
    const torn = await faulty(log, first.at, head);
    if (!torn) return { tail: first.at, head };
    if (skipped >= MAX_ICLOGS) throw log.fault(torn.at, torn.fault as string);
    from = log.after(torn.at, 1);
  }
}

async function faulty(log: LogBlocks, tail: number, head: number): Promise<LogRecord | null> {
  for await (const record of recordsOf(log, tail, head)) if (record.fault !== null) return record;
  return null;
}

function checkTail(log: LogBlocks, head: number, tail: number): void {
  if (tail >= log.count) throw log.fault(head % log.count, `its tail is to be block ${tail} of ${log.count}`);
}
