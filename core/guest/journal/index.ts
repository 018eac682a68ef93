import type { Tree } from "../../filesystem/tree.ts";
import { isRefusal } from "../../kit/budget.ts";
import { GuestkitError } from "../../kit/errors.ts";
import type { Codec } from "../../source/codec.ts";
import type { EntryHead } from "./fields.ts";
import { type JournalFile, openJournalFile } from "./file.ts";
import { type Fields, fieldsByName, isWanted, mayBe, type Selection } from "./select.ts";

export { type Fields, type Selection, textOf } from "./select.ts";

const FOLDERS = ["/var/log/journal", "/run/log/journal"];
/** Files of one journal: each has at least some hundred KiB. */
const MAX_FILES = 4096;

/** An entry of a system's journal. */
export interface Entry extends EntryHead {
  readonly fields: Fields;
}

/** A system's journal: all of its files as one. */
export interface Journal {
  /** Files, and why those are left out that cannot be read. */
  readonly files: readonly JournalFile[];
  readonly warnings: string[];
  /** In the order in which they were written, as far as that is known, else of time. */
  entries(selection: Selection): AsyncGenerator<Entry>;
  /** The boots in it, by their first entry: 32 hexadecimal digits each. */
  boots(): Promise<readonly string[]>;
}

/** Null where the system keeps no journal. */
export async function openJournal(tree: Tree, codec: Codec): Promise<Journal | null> {
  const files: JournalFile[] = [];
  const warnings: string[] = [];
  for (const path of await journalPaths(tree)) {
    try {
      const source = await tree.open(path);
      const file = source && { ...(await openJournalFile(source, codec)), name: path };
      if (file) files.push(file);
      if (file?.hasXz) warnings.push(`${path}: fields that are packed by xz are left out`);
    } catch (error) {
      warnings.push(whyNot(path, error));
    }
  }
  if (files.length === 0 && warnings.length === 0) return null;
  return {
    files,
    warnings,
    entries: (selection) => merged(files, selection, warnings),
    boots: () => bootsOf(files, warnings),
  };
}

/** Journals lie in folders of their machine's id; older ones are renamed, and damaged ones end in a tilde. */
async function journalPaths(tree: Tree): Promise<readonly string[]> {
  const found: string[] = [];
  for (const folder of FOLDERS) {
    for (const machine of await tree.names(folder)) {
      for (const name of await tree.names(`${folder}/${machine}`)) {
        if (/\.journal~?$/.test(name)) found.push(`${folder}/${machine}/${name}`);
      }
    }
  }
  return found.slice(0, MAX_FILES);
}

function whyNot(path: string, error: unknown): string {
  const isOurs = error instanceof GuestkitError && !isRefusal(error as unknown);
  if (!isOurs) throw error;
  return `${path} is left out: ${error.message}`;
}

/** What one file gives next. */
interface Head {
  readonly file: JournalFile;
  readonly entries: AsyncGenerator<EntryHead>;
  next: EntryHead | null;
}

/** The files' entries by their time; a file that turns out to be damaged ends there, and is told. */
async function* heads(files: readonly JournalFile[], since: number, warnings: string[]): AsyncGenerator<Head> {
  const open: Head[] = [];
  const advance = async (head: Head) => {
    try {
      const { value, done } = await head.entries.next();
      head.next = done ? null : value;
    } catch (error) {
      warnings.push(whyNot(head.file.name, error).replace("is left out", "ends too soon"));
      head.next = null;
    }
  };
  for (const file of files) {
    if (file.tail !== 0 && file.tail < since) continue;
    let faults = 0;
    const onFault = (error: GuestkitError) => {
      if (++faults === 1) warnings.push(`${file.name} lacks an entry: ${error.message}`);
    };
    const head: Head = { file, entries: file.entries(since, onFault), next: null };
    await advance(head);
    if (head.next) open.push(head);
  }
  for (let first = earliest(open); first; first = earliest(open)) {
    yield first;
    await advance(first);
    if (!first.next) open.splice(open.indexOf(first), 1);
  }
}

function earliest(open: readonly Head[]): Head | undefined {
  let [first] = open;
  for (const each of open) if (first && each !== first && compare(each, first) < 0) first = each;
  return first;
}

/** Which entry is the earlier one, as for sd_journal_next(3): a clock that was set back misleads the fewest. */
function compare(a: Head, b: Head): number {
  const [one, two] = [a.next as EntryHead, b.next as EntryHead];
  const sameSource = a.file.seqnumId === b.file.seqnumId ? one.seqnum - two.seqnum : 0;
  const sameBoot = one.bootId === two.bootId ? one.monotonic - two.monotonic : 0;
  return sameSource || sameBoot || one.realtime - two.realtime;
}

async function* merged(files: readonly JournalFile[], selection: Selection, warnings: string[]): AsyncGenerator<Entry> {
  let last = "";
  const told = new Set<JournalFile>();
  for await (const { file, next } of heads(files, selection.since ?? 0, warnings)) {
    const entry = next as EntryHead;
    if (!mayBe(entry, selection)) continue;
    // A file that was copied while it was renamed is there twice.
    const key = `${entry.bootId} ${entry.seqnum} ${entry.realtime} ${entry.monotonic}`;
    if (key === last) continue;
    last = key;
    try {
      const fields = fieldsByName(await file.fields(entry));
      if (isWanted(fields, selection)) yield { ...entry, fields };
    } catch (error) {
      const warning = whyNot(file.name, error).replace("is left out", "lacks an entry");
      if (!told.has(file)) warnings.push(warning);
      told.add(file);
    }
  }
}

async function bootsOf(files: readonly JournalFile[], warnings: string[]): Promise<readonly string[]> {
  const found = new Set<string>();
  for await (const { next } of heads(files, 0, warnings)) found.add((next as EntryHead).bootId);
  return [...found];
}
