import { hex } from "../fault.ts";
import { ATTR_FLAG, BASIC_BLOCK } from "./layout.ts";
import type { LogBlocks } from "./log-blocks.ts";
import { type BufferItem, bufferItem, layBuffer, stampOf } from "./log-buffer.ts";
import { createItem, layCreate } from "./log-create.ts";
import { inodeItem, layInode } from "./log-inode.ts";
import { ATTRI_FILTER, BUF_FLAG, ILOG, INTENT_ID, ITEM } from "./log-items.ts";
import { LogPages } from "./log-pages.ts";
import type { LogRange } from "./log-range.ts";
import { checkOrigin, recordsOf } from "./log-records.ts";
import { type LogItem, type Transaction, Transactions } from "./log-transactions.ts";
import { viewOf } from "./wide.ts";

/** What was begun and changes what a file holds, by what ends it. */
const VISIBLE: Readonly<Record<number, number>> = {
  [ITEM.bui]: ITEM.bud,
  [ITEM.attri]: ITEM.attrd,
  [ITEM.xmi]: ITEM.xmd,
};
const ENDS = Object.values(VISIBLE);
const FIRST: number = ITEM.efi;
const LAST: number = ITEM.lastKnown;

/**
 * What the kernel would write back from the log at mount, kept in memory. The same two passes as
 * fs/xfs/xfs_log_recover.c: which buffers were given back meanwhile, then whatever was committed, in its order.
 * Throws `E_XFS_LOG`, and `E_XFS_LOG_INTENT` where a change of several steps would have to be carried on.
 */
export async function replayLog(log: LogBlocks, range: LogRange): Promise<LogPages> {
  const cancelled = new Map<number, number>();
  for await (const { items, offset } of transactionsOf(log, range)) {
    for (const item of items) note(log, item, offset, cancelled);
  }
  const replay = new Replay(log, cancelled);
  for await (const transaction of transactionsOf(log, range)) await replay.apply(transaction);
  replay.finish();
  return replay.pages;
}

async function* transactionsOf(log: LogBlocks, { tail, head }: LogRange): AsyncGenerator<Transaction> {
  const transactions = new Transactions(log);
  for await (const record of recordsOf(log, tail, head)) {
    if (record.fault !== null) throw log.fault(record.at, record.fault);
    if (record.raw.h_len > 0) checkOrigin(log, record);
    yield* transactions.feed(record);
  }
}

/** Counts how often a buffer was given back: until the last of these nothing is laid over it. */
function note(log: LogBlocks, { regions }: LogItem, offset: number, cancelled: Map<number, number>): void {
  const description = regions[0] as Uint8Array;
  if (viewOf(description).getUint16(0, true) !== ITEM.buf) return;
  const buffer = bufferItem(log.volume, description);
  if (!buffer) throw bad(log, offset, "a buffer is to be where none can be");
  if (buffer.flags & BUF_FLAG.cancel) cancelled.set(buffer.offset, (cancelled.get(buffer.offset) ?? 0) + 1);
}

class Replay {
  readonly pages: LogPages;
  readonly #log: LogBlocks;
  readonly #cancelled: Map<number, number>;
  /** What was begun and has not ended, by its id. */
  readonly #begun = new Map<bigint, number>();

  constructor(log: LogBlocks, cancelled: Map<number, number>) {
    this.#log = log;
    this.#cancelled = cancelled;
    this.pages = new LogPages(log.volume);
  }

  /** Buffers first, then the rest, at last those that were given back. */
  async apply({ items, lsn, offset }: Transaction): Promise<void> {
    const later: [number, LogItem][] = [];
    const given: BufferItem[] = [];
    for (const item of items) {
      const description = item.regions[0] as Uint8Array;
      const type = viewOf(description).getUint16(0, true);
      if (type < FIRST || type > LAST) throw bad(this.#log, offset, `an item of type ${hex(type)}`);
      if (item.regions.length < item.total) throw bad(this.#log, offset, "an item is cut off");
      if (type === ITEM.buf) {
        const buffer = bufferItem(this.#log.volume, description);
        if (!buffer) throw bad(this.#log, offset, "a buffer is to be where none can be");
        if (buffer.flags & BUF_FLAG.cancel) given.push(buffer);
        else await this.#buffer(buffer, item, lsn, offset);
      } else if (type === ITEM.icreate) await this.#create(description, offset);
      else later.push([type, item]);
    }
    for (const [type, item] of later) {
      if (type === ITEM.inode) await this.#inode(item, lsn, offset);
      else if (!this.#intent(type, item.regions[0] as Uint8Array)) throw bad(this.#log, offset, "an item is cut off");
    }
    for (const buffer of given) this.#give(buffer.offset);
  }

  async #buffer(buffer: BufferItem, { regions }: LogItem, lsn: bigint, offset: number): Promise<void> {
    const skipped = BUF_FLAG.inode | BUF_FLAG.dquots;
    if (this.#cancelled.has(buffer.offset) || buffer.flags & skipped) return;
    const head = await this.pages.get(buffer.offset, BASIC_BLOCK);
    const stamp = stampOf(this.#log.volume, head, buffer.flags);
    if (stamp !== null && stamp !== 0n && stamp >= lsn) return;
    if (await layBuffer(this.pages, buffer, regions)) return;
    throw bad(this.#log, offset, `the parts of the buffer at ${buffer.offset} are not all there`);
  }

  async #create(description: Uint8Array, offset: number): Promise<void> {
    const { volume } = this.#log;
    const item = createItem(volume, description);
    if (!item) throw bad(this.#log, offset, "inodes are to be made where none can be");
    const { blockSize, agBlocks } = volume.sb;
    const first = item.group * agBlocks + item.block;
    for (let block = first; block < first + item.blocks; block++) {
      if (this.#cancelled.has(block * blockSize)) return;
    }
    await layCreate(volume, this.pages, item);
  }

  async #inode(item: LogItem, lsn: bigint, offset: number): Promise<void> {
    const { volume } = this.#log;
    const described = inodeItem(volume, item.regions[0] as Uint8Array);
    if (!described) throw bad(this.#log, offset, "an inode is to be where none can be");
    if (this.#cancelled.has(described.buffer)) return;
    if (described.fields & ILOG.owner) throw unfinished(this.#log, offset, "a file took over another one's extents");
    const wrong = await layInode(volume, this.pages, described, item, lsn);
    if (wrong) throw bad(this.#log, described.offset, wrong);
  }

  /** False where it is not whole. */
  #intent(type: number, description: Uint8Array): boolean {
    if (VISIBLE[type] === undefined && !ENDS.includes(type)) return true;
    if (description.length < INTENT_ID + 8) return false;
    const view = viewOf(description);
    const id = view.getBigUint64(INTENT_ID, true);
    if (ENDS.includes(type)) this.#begun.delete(id);
    else if (!isOfParents(type, view)) this.#begun.set(id, type);
    return true;
  }

  #give(offset: number): void {
    const left = (this.#cancelled.get(offset) ?? 0) - 1;
    if (left > 0) this.#cancelled.set(offset, left);
    else this.#cancelled.delete(offset);
  }

  /** Throws where something that can be seen was left half done: the kernel would carry it on. */
  finish(): void {
    const [type] = this.#begun.values();
    if (type === undefined) return;
    const what = type === ITEM.attri ? "a change of attributes" : "a change of a file's extents";
    throw unfinished(this.#log, this.#log.offset(0), `${what} was begun and has not ended`);
  }
}

/** Pointers to parents are attributes that nobody is shown. */
function isOfParents(type: number, view: DataView): boolean {
  if (type !== ITEM.attri || view.byteLength < ATTRI_FILTER + 4) return false;
  return (view.getUint32(ATTRI_FILTER, true) & ATTR_FLAG.parent) !== 0;
}

function unfinished({ volume }: LogBlocks, offset: number, what: string) {
  return volume.fault("E_XFS_LOG_INTENT", {
    thing: "the log",
    what: `${what}, which is not replayed here`,
    offset,
    help: "Mount it once, so that the kernel writes its log back, and unmount it.",
  });
}

function bad({ volume }: LogBlocks, offset: number, what: string) {
  return volume.fault("E_XFS_LOG", { thing: "the log", what, offset });
}
