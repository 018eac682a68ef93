import { appendFile, readdir, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { makeOwnFolder, tightenFolder } from "../host/folder.ts";
import { demandOwnPlace } from "../host/own-place.ts";
import { isAlive } from "../host/owner.ts";
import type { Context, Progress, Settings } from "../kit/context.ts";

/** Least time between two lines of one phase (ms). */
const INTERVAL = 200;

/** Where running operations say what they do, for `guestkit progress`: a file each, gone when it ends. */
export function journalDir(runtimeDir: string): string {
  return join(runtimeDir, "progress");
}

let serial = 0;

/** Runs `work` with its progress written to a journal that other processes can follow. */
export async function journalled<T>(
  context: Context,
  title: string,
  work: (context: Context) => Promise<T>,
): Promise<T> {
  const folder = journalDir(context.settings.runtimeDir);
  const path = join(folder, `${process.pid}-${++serial}.jsonl`);
  await tightenRoots(context.settings);
  await makeOwnFolder(folder);
  // A file of this name that somebody else had laid as a link would be written through.
  await demandOwnPlace(folder);
  await sweepJournals(folder);
  // It is there to be told from, not to be needed: where it cannot be written, the work goes on without.
  const write = (value: object) => appendFile(path, line(value), { mode: 0o600 }).catch(() => {});
  let writing = write({ title, pid: process.pid, started: Date.now() });
  let last = { phase: "", at: 0 };
  const progress = (event: Progress) => {
    context.progress(event);
    const now = performance.now();
    if (event.phase === last.phase && now - last.at < INTERVAL) return;
    last = { phase: event.phase, at: now };
    writing = writing.then(() => write(event));
  };
  try {
    return await work({ ...context, progress });
  } finally {
    await writing;
    await rm(path, { force: true }).catch(() => {});
  }
}

/** Those under their usual names; others may be somebody's who shares them. */
async function tightenRoots({ dataDir, cacheDir, runtimeDir }: Settings): Promise<void> {
  for (const path of [dataDir, cacheDir, runtimeDir]) if (basename(path) === "guestkit") await tightenFolder(path);
}

/** Removes what killed processes left. */
async function sweepJournals(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const pid = /^(\d+)-\d+\.jsonl$/.exec(name)?.[1];
    if (pid !== undefined && !isAlive({ pid: Number(pid), tag: "" })) await rm(join(folder, name), { force: true });
  }
}

const line = (value: object) => `${JSON.stringify(value)}\n`;
