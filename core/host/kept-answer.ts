import { createHash } from "node:crypto";
import { readdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { isBeingWritten } from "../source/host-file.ts";
import { lookAt } from "./look.ts";
import { readPlainFile } from "./plain-file.ts";
import { changedAt, type Stamps, stampOf } from "./stamp.ts";
import { writeCache } from "./whole-file.ts";

/** What is asked of files. */
export interface Question {
  /** Where its answers are kept: a folder of the cache. */
  readonly folder: string;
  /** The files that it is asked of, as the user names them: while one is being written to, nothing that was kept counts. */
  readonly files: readonly string[];
  /** Whatever shapes the answer. */
  readonly key: readonly unknown[];
}

interface Entry<T> {
  readonly key: string;
  readonly stamps: Stamps;
  readonly answer: T;
}

/** Largest answer that is kept (characters), and how many in a folder. */
const LARGEST = 8 << 20;
const MOST = 4096;
/**
 * A file that changed so shortly before it was looked at may change once more without another time (ns): the kernel's clock
 * has ticks, and some file systems round to 2 s. Git calls such an entry racy.
 */
const RACY = 2_000_000_000n;
/** What answers: another release may lie at the same place, and answer otherwise. */
const PROGRAM = fileURLToPath(import.meta.url);

/**
 * The answer that was kept, while none of the files that it came from was touched since, nor this program; null where there is none or it
 * cannot be relied on.
 */
export async function keptAnswer<T>(question: Question): Promise<T | null> {
  const found = await readPlainFile(placeOf(question), 2 * LARGEST).catch(() => null);
  const entry = found && parseEntry<T>(found.bytes.toString("utf8"));
  if (!entry || entry.key !== keyOf(question) || found.stat.uid !== process.getuid?.()) return null;
  // By the clock that stamped the entry: when its files were looked at, however long reading them took.
  const looked = BigInt(Math.floor(found.stat.mtimeMs - entry.stamps.age)) * 1_000_000n;
  if (!entry.stamps.files.every(([file, stamp]) => isSettled(file, stamp, looked))) return null;
  return (await anyWritten(question.files)) ? null : entry.answer;
}

const isSettled = (file: string, stamp: string, looked: bigint): boolean =>
  stampOf(file) === stamp && changedAt(stamp) + RACY < looked;

/** Keeps an answer that came from these files, which are all regular ones. Where it cannot be written, that stops nothing. */
export async function keepAnswer<T>(question: Question, { stamps, answer }: Omit<Entry<T>, "key">): Promise<void> {
  const own = [PROGRAM, stampOf(PROGRAM)] as const;
  const files = [...stamps.files.map(([file, stamp]) => [resolve(file), stamp] as const), own];
  if (!files.every(([file, stamp]) => stamp === "" || isRegular(file))) return;
  const text = JSON.stringify({ key: keyOf(question), stamps: { ...stamps, files }, answer } satisfies Entry<T>);
  if (text.length > LARGEST) return;
  await writeCache(placeOf(question), text);
  await bound(question.folder);
}

/** A device's times do not tell of what is written to it. */
function isRegular(file: string): boolean {
  return lookAt(file)?.isFile() ?? false;
}

async function anyWritten(files: readonly string[]): Promise<boolean> {
  for (const file of files) if (await isBeingWritten(file).catch(() => true)) return true;
  return false;
}

function parseEntry<T>(text: string): Entry<T> | null {
  try {
    const entry = JSON.parse(text) as Entry<T>;
    return Array.isArray(entry.stamps?.files) && Number.isFinite(entry.stamps.age) ? entry : null;
  } catch {
    return null;
  }
}

const keyOf = ({ files, key }: Question): string => JSON.stringify([files.map((file) => resolve(file)), ...key]);

const placeOf = (question: Question): string =>
  join(question.folder, `${createHash("sha256").update(keyOf(question)).digest("hex").slice(0, 32)}.json`);

/** Past the most that are kept a part of them goes, whichever: each can be had again. */
async function bound(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  if (names.length <= MOST) return;
  for (const name of names.slice(0, names.length / 4)) await rm(join(folder, name), { force: true });
}
