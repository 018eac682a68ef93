import { link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { GuestkitError } from "../kit/errors.ts";
import { identifyProcess, isAlive, type ProcessIdentity } from "./process-identity.ts";

/** How long another holder is waited for before the lock is refused (ms). */
const PATIENCE = 10_000;

/** Where the lock of a file lies: `.NAME.guestkit-lock` beside it. */
export function lockPath(id: string): string {
  return join(dirname(id), `.${basename(id)}.guestkit-lock`);
}

/**
 * Takes the lock of a file thing; dispose to release. One held by a dead process is taken over.
 * Throws `E_LOCKED` when a live one keeps it longer than `patience` ms.
 */
export async function takeLock(id: string, signal: AbortSignal, patience = PATIENCE): Promise<AsyncDisposable> {
  const path = lockPath(id);
  await mkdir(dirname(path), { recursive: true });
  const deadline = performance.now() + patience;
  for (;;) {
    if (await tryLock(path)) return { [Symbol.asyncDispose]: () => rm(path, { force: true }) };
    const holder = await readHolder(path);
    if (holder && !(await isAlive(holder))) {
      await dropStale(path, holder);
      continue;
    }
    if (performance.now() > deadline) throw locked(id, holder);
    await sleep(100, undefined, { signal });
  }
}

/** Written whole under another name and linked into place, so that nobody reads half a lock. */
async function tryLock(path: string): Promise<boolean> {
  const own = `${path}.${process.pid}-${Math.random().toString(36).slice(2)}`;
  await writeFile(own, JSON.stringify(await identifyProcess()));
  try {
    await link(own, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(own, { force: true });
  }
}

async function readHolder(path: string): Promise<ProcessIdentity | null> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as ProcessIdentity;
  } catch {
    return null;
  }
}

/** Removes a stale lock unless somebody else has just replaced it. */
async function dropStale(path: string, stale: ProcessIdentity): Promise<void> {
  const now = await readHolder(path);
  if (now?.pid === stale.pid && now.startTime === stale.startTime) await rm(path, { force: true });
}

function locked(id: string, holder: ProcessIdentity | null): GuestkitError {
  const who = holder ? `process ${holder.pid}` : "another process";
  return new GuestkitError("E_LOCKED", `Cannot change "${id}": ${who} is changing it`, {
    at: { file: id },
    help: "Wait until it is done (guestkit progress shows it), then run again.",
  });
}
