import type { ByteSource } from "../../source/source.ts";
import { faults, unknownFeature } from "./fault.ts";
import type { Header } from "./header.ts";
import { Limit, LOG_SECTOR } from "./layout.ts";
import { type Entry, entryAt, isSound, type Log } from "./log-entry.ts";
import { patchedSource } from "./patched.ts";
import { patchesOf } from "./patches.ts";

const { damaged } = faults;

/** Bytes of entries, in logs, that are summed: older ones overlap where they were written over in part. */
const MAX_WORK = 8;

export interface Replayed {
  /** The file as it is after the log was replayed. */
  readonly file: ByteSource;
  readonly warnings: readonly string[];
}

/**
 * Replays a log in memory ([MS-VHDX] 2.3.3): of the unbroken sequences that end at an entry and begin at its tail, the one of
 * the highest number. Entries behind it were never finished, or are damaged: that is told.
 * Throws `E_VHDX_LOG`, `E_VHDX_FEATURE`.
 */
export async function replay(source: ByteSource, header: NonNullable<Header["log"]>): Promise<Replayed> {
  const log: Log = { ...header, bytes: await source.read(header.offset, header.length) };
  const { entries, torn } = soundEntries(source, log);
  const sequence = activeSequence(log, entries);
  const newest = sequence.at(-1);
  const behind = entries.filter(({ sequence: number }) => number > (newest?.sequence ?? 0n)).length;
  const warnings = behind + torn > 0 ? [unfinished(source)] : [];
  if (!newest) return { file: source, warnings };
  if (BigInt(source.size) < newest.flushed || newest.last > Number.MAX_SAFE_INTEGER) {
    const what = `its log says that it is ${newest.flushed} to ${newest.last} bytes long, and it is ${source.size}`;
    throw damaged(source, "LOG", log.offset + newest.place, what);
  }
  const count = sequence.reduce((sum, { descriptors }) => sum + descriptors, 0);
  if (count > Limit.maxDescriptors) throw unknownFeature(source, log.offset, `a log of ${count} changes`);
  const patches = patchesOf(source, log, sequence);
  return { file: patchedSource(source, patches, Math.max(source.size, Number(newest.last))), warnings };
}

const unfinished = (source: ByteSource): string =>
  `"${source.name}": the last entries of its log do not hold together: what they say is left out, as Windows does`;

/** Entries by their places; how many bear the log's mark, are newer than all sound ones, and do not hold together. */
function soundEntries(source: ByteSource, log: Log): { entries: readonly Entry[]; torn: number } {
  const entries: Entry[] = [];
  const broken: Entry[] = [];
  let work = 0;
  for (let place = 0; place < log.length; place += LOG_SECTOR) {
    const entry = entryAt(log, place);
    if (!entry) continue;
    work += entry.length;
    if (work > MAX_WORK * log.length) throw damaged(source, "LOG", log.offset + place, "entries of its log overlap");
    (isSound(log, entry) ? entries : broken).push(entry);
  }
  const newest = newestFirst(entries)[0]?.sequence ?? 0n;
  return { entries, torn: broken.filter(({ sequence }) => sequence > newest).length };
}

const newestFirst = (entries: readonly Entry[]): readonly Entry[] =>
  [...entries].sort((a, b) => (a.sequence < b.sequence ? 1 : -1));

function activeSequence(log: Log, entries: readonly Entry[]): readonly Entry[] {
  const places = new Map(entries.map((each) => [each.place, each]));
  for (const head of newestFirst(entries)) {
    const sequence: Entry[] = [];
    let next = places.get(head.tail);
    while (
      next &&
      next.sequence <= head.sequence &&
      (sequence.at(-1)?.sequence ?? next.sequence - 1n) + 1n === next.sequence
    ) {
      sequence.push(next);
      next = places.get((next.place + next.length) % log.length);
    }
    if (sequence.at(-1) === head) return sequence;
  }
  return [];
}
