import { crc32c, crc32cAround } from "../../kit/checksum.ts";
import { hex } from "../fault.ts";
import { COMMIT, JBD2, JBD2_MAGIC, JOURNAL_HEADER, TAG } from "./journal-layout.ts";
import type { JournalLog } from "./journal-log.ts";

/** A block of the log that describes others, read and in sequence. */
export interface LogBlock {
  readonly type: "descriptor" | "revoke" | "commit";
  readonly sequence: number;
  readonly position: number;
  readonly view: DataView;
  readonly bytes: Uint8Array;
  /** Bytes from the file system's start. */
  readonly offset: number;
}

/** A tag of a descriptor: the block of the file system that the next block of the log is a copy of. */
export interface Tag {
  readonly block: number;
  readonly escaped: boolean;
  readonly checksum: number;
  /** Position of the copy in the log. */
  readonly position: number;
}

const TYPES: Readonly<Record<number, LogBlock["type"]>> = {
  [JBD2.descriptor]: "descriptor",
  [JBD2.commit]: "commit",
  [JBD2.revoke]: "revoke",
};

/**
 * The log's descriptor, revoke and commit blocks in order from its start, up to where the sequence breaks off or
 * `end` (a transaction) is reached. Throws `E_EXT4_JOURNAL` where the log never ends.
 */
export async function* logBlocks(log: JournalLog, end: number | null): AsyncGenerator<LogBlock> {
  let sequence = log.raw.s_sequence;
  let position = log.raw.s_start;
  for (let walked = 0; sequence !== end; ) {
    const { bytes, view, offset } = await log.read(position);
    const type = TYPES[view.getUint32(4)];
    if (view.getUint32(0) !== JBD2_MAGIC || view.getUint32(8) !== sequence || !type) return;
    const block = { type, sequence, position, view, bytes, offset };
    yield block;
    const took = 1 + (type === "descriptor" ? tagsOf(log, block).length : 0);
    if (type === "commit") sequence = (sequence + 1) >>> 0;
    position = log.after(position, took);
    walked += took;
    if (walked > log.last - log.first) throw endless(log, block);
  }
}

function endless(log: JournalLog, { offset }: LogBlock) {
  return log.volume.fault("E_EXT4_JOURNAL", { thing: "the journal", what: "its log overtakes its own start", offset });
}

/** Bytes of a tag without its UUID. */
function tagSize(log: JournalLog): number {
  if (log.v3) return 16;
  return (log.checksums ? 14 : 12) - (log.wide ? 0 : 4);
}

export function tagsOf(log: JournalLog, { view, position }: LogBlock): Tag[] {
  const size = tagSize(log);
  const end = view.byteLength - (log.checksums ? 4 : 0);
  const tags: Tag[] = [];
  for (let at = JOURNAL_HEADER; at + size <= end; ) {
    const flags = view.getUint16(at + 6);
    const high = log.wide ? view.getUint32(at + 8) : 0;
    tags.push({
      block: view.getUint32(at) + high * 0x1_0000_0000,
      escaped: (flags & TAG.escaped) !== 0,
      checksum: log.v3 ? view.getUint32(at + 12) : view.getUint16(at + 4),
      position: log.after(position, tags.length + 1),
    });
    if (flags & TAG.last) break;
    at += size + (flags & TAG.sameUuid ? 0 : 16);
  }
  return tags;
}

/** Blocks that a revoke block takes back: copies of them in this and earlier transactions are not replayed. */
export function revokedBlocks(log: JournalLog, { view, offset }: LogBlock): number[] {
  const end = view.getUint32(JOURNAL_HEADER);
  if (end > view.byteLength - (log.checksums ? 4 : 0)) {
    throw log.volume.fault("E_EXT4_JOURNAL", {
      thing: "a revoke block of the journal",
      what: `it says ${end} bytes`,
      offset,
    });
  }
  const size = log.wide ? 8 : 4;
  const blocks: number[] = [];
  for (let at = JOURNAL_HEADER + 4; at + size <= end; at += size) {
    const high = log.wide ? view.getUint32(at) : 0;
    blocks.push(high * 0x1_0000_0000 + view.getUint32(at + size - 4));
  }
  return blocks;
}

/** Whether the checksum of a descriptor, revoke or commit block is right; true where the journal has none. */
export function isIntact(log: JournalLog, block: LogBlock): boolean {
  if (!log.checksums) return true;
  const at = block.type === "commit" ? COMMIT.h_chksum : block.bytes.length - 4;
  const matches = (bytes: Uint8Array) => crc32cAround(log.seed, bytes, { at, length: 4 }) === block.view.getUint32(at);
  return matches(block.bytes) || (block.type === "commit" && matches(headerAlone(block.bytes)));
}

/** The kernel takes a commit block for whole too when only what follows its header is not the zeros that it wrote. */
function headerAlone(bytes: Uint8Array): Uint8Array {
  const alone = new Uint8Array(bytes.length);
  alone.set(bytes.subarray(0, COMMIT.size));
  return alone;
}

/** Throws `E_EXT4_CHECKSUM` where a copied block is not what its tag says. */
export function verifyCopy(log: JournalLog, tag: Tag, sequence: number, bytes: Uint8Array, offset: number): void {
  const number = new Uint8Array(4);
  new DataView(number.buffer).setUint32(0, sequence);
  const computed = crc32c(crc32c(log.seed, number), bytes) & (log.v3 ? -1 : 0xffff);
  if (computed >>> 0 === tag.checksum) return;
  throw log.volume.fault("E_EXT4_CHECKSUM", {
    thing: `the journal's copy of block ${tag.block} in transaction ${sequence}`,
    what: `its checksum is ${hex(tag.checksum)} and its content's ${hex(computed >>> 0)}`,
    offset,
  });
}

/** Seconds and nanoseconds of a commit, as one number that can be compared. */
export function commitTime({ view }: LogBlock): bigint {
  return view.getBigUint64(COMMIT.h_commit_sec);
}
