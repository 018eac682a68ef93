import { appendFile, readdir, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { makeOwnFolder, tightenFolder } from "../host/folder.ts";
import { demandOwnPlace } from "../host/own-place.ts";
import { isAlive, isGone, type Owner, ownOwner } from "../host/owner.ts";
import type { Context, Progress, Settings } from "../kit/context.ts";
import { asGuestkitError } from "../kit/errors.ts";
import { log } from "../kit/log.ts";
import { withoutSecrets } from "../kit/secrets.ts";

/** Least time between two lines of one phase (ms). */
const INTERVAL = 200;

/** Where running operations say what they do, for `guestkit progress`: a file each, gone when it ends. */
export function journalDir(runtimeDir: string): string {
  return join(runtimeDir, "progress");
}

let serial = 0;

/**
 * Runs `work` with its progress written to a journal that other processes can follow. A journal that cannot be written
 * (a full or read-only file system) is told in the log, and the work goes on. Throws `E_FOLDER_FOREIGN`.
 */
export async function journalled<T>(
  context: Context,
  title: string,
  work: (context: Context) => Promise<T>,
): Promise<T> {
  const { pid, tag } = ownOwner();
  const path = join(journalDir(context.settings.runtimeDir), `${pid}-${tag}-${++serial}.jsonl`);
  let writing = Promise.resolve(await begin(context.settings, path, { title, pid, started: Date.now() }));
  let last = { phase: "", at: 0 };
  const progress = (event: Progress) => {
    context.progress(event);
    const now = performance.now();
    if (event.phase === last.phase && now - last.at < INTERVAL) return;
    last = { phase: event.phase, at: now };
    writing = writing.then((isOpen) => isOpen && append(path, event));
  };
  try {
    return await work({ ...context, progress });
  } finally {
    if (await writing) await rm(path, { force: true });
  }
}

/** Those under their usual names; others may be somebody's who shares them. */
async function tightenRoots({ dataDir, cacheDir, runtimeDir }: Settings): Promise<void> {
  for (const path of [dataDir, cacheDir, runtimeDir]) if (basename(path) === "guestkit") await tightenFolder(path);
}

/** Gives whether the journal can be written. */
async function begin(settings: Settings, path: string, head: object): Promise<boolean> {
  try {
    const folder = dirname(path);
    await tightenRoots(settings);
    await makeOwnFolder(folder);
    // A file of this name that somebody else had laid as a link would be written through.
    await demandOwnPlace(folder);
    await sweepJournals(folder);
  } catch (error) {
    return closed(path, error);
  }
  return append(path, head);
}

const safely = (_key: string, value: unknown) => (typeof value === "string" ? withoutSecrets(value) : value);

const append = (path: string, value: object): Promise<boolean> =>
  appendFile(path, `${JSON.stringify(value, safely)}\n`, { mode: 0o600 }).then(
    () => true,
    async (error: unknown) => {
      await rm(path, { force: true }).catch(() => {});
      return closed(path, error);
    },
  );

/** Only what the system refuses leaves the work alone. */
function closed(path: string, error: unknown): false {
  const { code, message } = asGuestkitError(error);
  if (!code.startsWith("E_SYSTEM_")) throw error;
  log("warn", "the journal of progress is not written", { path, error: message });
  return false;
}

/** Whether a file of this name is a journal whose writer still runs. */
export function isWritten(name: string): boolean {
  const writer = writerOf(name);
  return writer !== null && isAlive(writer);
}

/** `PID-TAG-SERIAL.jsonl`, without the tag where the system does not tell any, and by earlier releases. */
function writerOf(name: string): Owner | null {
  const [, pid, tag = ""] = /^(\d+)-(?:([0-9a-f]*)-)?\d+\.jsonl$/.exec(name) ?? [];
  return pid === undefined ? null : { pid: Number(pid), tag };
}

/** Removes what killed processes left. */
async function sweepJournals(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const writer = writerOf(name);
    if (writer && isGone(writer)) await rm(join(folder, name), { force: true });
  }
}
