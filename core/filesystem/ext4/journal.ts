import { blockMap } from "./block-map.ts";
import { InodeTable } from "./inode-table.ts";
import { FC_TAG_HEAD, fcHead } from "./journal-layout.ts";
import { JournalLog } from "./journal-log.ts";
import {
  commitTime,
  isIntact,
  type LogBlock,
  logBlocks,
  revokedBlocks,
  type Tag,
  tagsOf,
  verifyCopy,
} from "./journal-scan.ts";
import type { Volume } from "./volume.ts";

/** Where a block's newest copy stands: its byte offset, and whether its first four bytes were escaped. */
export interface Copy {
  readonly offset: number;
  readonly escaped: boolean;
}

/** Block number to its newest copy in the journal. */
export type Replay = ReadonlyMap<number, Copy>;

/** Blocks replayed or revoked at most: keeps the maps below 200 MiB (a journal of 4 GiB with blocks of 4 KiB). */
const MAX_BLOCKS = 1 << 20;

/**
 * What the kernel would write back from the journal at mount, as a map: nothing is copied or written.
 * The same three passes as fs/jbd2/recovery.c: find the last whole transaction, collect what was revoked, replay.
 * Throws `E_EXT4_JOURNAL`, `E_EXT4_JOURNAL_FEATURE`, `E_EXT4_EXTERNAL_JOURNAL`, `E_EXT4_FAST_COMMIT`, `E_EXT4_CHECKSUM`.
 */
export async function replayJournal(volume: Volume): Promise<Replay> {
  const log = await openJournal(volume);
  if (log.raw.s_start === 0) return new Map();
  const end = await findEnd(log);
  await refuseFastCommits(log, end);
  return replay(log, end, await revocations(log, end));
}

async function openJournal(volume: Volume): Promise<JournalLog> {
  const { s_journal_inum, s_journal_uuid } = volume.sb.raw;
  if (s_journal_inum === 0) {
    throw volume.fault("E_EXT4_EXTERNAL_JOURNAL", {
      thing: "the file system",
      what: `its journal needs recovery and is on another device, with UUID ${s_journal_uuid}`,
      help: "Mount it once together with its journal device, so that the journal is written back, and unmount it.",
    });
  }
  const inode = await new InodeTable(volume).get(s_journal_inum);
  if (inode.type === "file") return JournalLog.open(volume, inode, blockMap(volume, inode));
  const what = `its inode is a ${inode.type}`;
  throw volume.fault("E_EXT4_JOURNAL", { thing: "the journal", what, offset: inode.offset });
}

/** The sequence number of the first transaction that was not committed whole. */
async function findEnd(log: JournalLog): Promise<number> {
  let end = log.raw.s_sequence;
  let last = 0n;
  let stale: LogBlock | undefined;
  for await (const block of logBlocks(log, null)) {
    const intact = isIntact(log, block);
    if (block.type !== "commit") {
      if (!intact) stale ??= block;
      continue;
    }
    // A wrong checksum in a block older than the last commit is what the log was written over, else it is damage.
    const suspect = stale ?? (intact ? undefined : block);
    if (suspect && commitTime(block) < last) break;
    if (suspect && (stale || !log.asyncCommit)) throw corrupt(log, suspect);
    if (suspect) break;
    last = commitTime(block);
    end = (block.sequence + 1) >>> 0;
  }
  return end;
}

function corrupt(log: JournalLog, { type, sequence, offset }: LogBlock) {
  return log.volume.fault("E_EXT4_CHECKSUM", {
    thing: "the journal",
    what: `the ${type} block of transaction ${sequence} has a wrong checksum`,
    offset,
  });
}

/** For each revoked block the last transaction that its copies are void in. */
async function revocations(log: JournalLog, end: number): Promise<ReadonlyMap<number, number>> {
  const revoked = new Map<number, number>();
  for await (const block of logBlocks(log, end)) {
    if (block.type !== "revoke") continue;
    if (!isIntact(log, block)) throw corrupt(log, block);
    for (const number of revokedBlocks(log, block)) {
      const known = revoked.get(number);
      if (known === undefined || isAfter(block.sequence, known)) revoked.set(number, block.sequence);
    }
    if (revoked.size > MAX_BLOCKS) throw tooLarge(log, block);
  }
  return revoked;
}

async function replay(log: JournalLog, end: number, revoked: ReadonlyMap<number, number>): Promise<Replay> {
  const copies = new Map<number, Copy>();
  for await (const block of logBlocks(log, end)) {
    if (block.type !== "descriptor") continue;
    for (const tag of tagsOf(log, block)) {
      const until = revoked.get(tag.block);
      if (until !== undefined && !isAfter(block.sequence, until)) continue;
      copies.set(tag.block, await copyOf(log, tag, block));
    }
    if (copies.size > MAX_BLOCKS) throw tooLarge(log, block);
  }
  return copies;
}

async function copyOf(log: JournalLog, tag: Tag, block: LogBlock): Promise<Copy> {
  if (tag.block >= log.volume.sb.blocksCount) {
    const what = `a copy is meant for block ${tag.block}, outside the file system`;
    throw log.volume.fault("E_EXT4_JOURNAL", { thing: "the journal", what, offset: block.offset });
  }
  if (!log.checksums) return { offset: await log.locate(tag.position), escaped: tag.escaped };
  const { bytes, offset } = await log.read(tag.position);
  verifyCopy(log, tag, block.sequence, bytes, offset);
  return { offset, escaped: tag.escaped };
}

/** Sequence numbers wrap around. */
function isAfter(a: number, b: number): boolean {
  return ((a - b) | 0) > 0;
}

/** Fast commits hold changes of files, not blocks: they are refused where the kernel would replay some. */
async function refuseFastCommits(log: JournalLog, end: number): Promise<void> {
  if (!log.fastCommit || log.last === log.raw.s_maxlen) return;
  // The kernel begins one block past the log's end (jbd2_journal_load_superblock's j_fc_first).
  const { bytes, offset } = await log.read(Math.min(log.last + 1, log.raw.s_maxlen - 1));
  const head = fcHead.decode(bytes);
  if (head.tag !== FC_TAG_HEAD || head.tid !== end) return;
  throw log.volume.fault("E_EXT4_FAST_COMMIT", {
    thing: "the journal",
    what: `fast commits follow transaction ${end - 1}, which are not replayed here`,
    offset,
    help: "Mount it once for writing, so that the kernel writes them back, and unmount it.",
  });
}

function tooLarge(log: JournalLog, { offset }: LogBlock) {
  return log.volume.fault("E_EXT4_JOURNAL", {
    thing: "the journal",
    what: `more than ${MAX_BLOCKS} blocks to replay`,
    offset,
  });
}
