import { access, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { GuestkitError } from "../kit/errors.ts";
import { makeFolder } from "./folder.ts";
import { isAlive, type Owner, ownOwner } from "./owner.ts";
import { companionName } from "./partial.ts";

/** How long another holder is waited for before the lock is refused (ms). */
const PATIENCE = 10_000;
/** A lock without a holder is being written, or its writer was killed in that moment: it is stale after this (ms). */
const UNWRITTEN = 2_000;

/** Where the lock of a thing lies: `.NAME.guestkit-lock` beside the path that stands for it. */
export function lockPath(place: string): string {
  return join(dirname(place), `.${companionName(place)}.guestkit-lock`);
}

/**
 * Takes the lock of a thing by the path that stands for it; dispose to release. One held by a dead process is taken
 * over. Throws `E_LOCKED` when a live one keeps it longer than `patience` ms; `name` is what the message calls the thing.
 */
export async function takeLock(
  place: string,
  signal: AbortSignal,
  patience = PATIENCE,
  name = place,
): Promise<AsyncDisposable> {
  const path = lockPath(place);
  await makeFolder(dirname(path));
  const deadline = performance.now() + patience;
  let unwrittenSince: number | null = null;
  for (;;) {
    if (await tryLock(path)) return { [Symbol.asyncDispose]: () => rm(path, { force: true }) };
    const holder = await readHolder(path);
    unwrittenSince = holder ? null : (unwrittenSince ?? performance.now());
    const isStale = holder ? !isAlive(holder) : performance.now() - (unwrittenSince ?? 0) > UNWRITTEN;
    if (isStale) {
      await dropStale(path, holder);
      continue;
    }
    if (performance.now() > deadline) throw locked(place, name, holder);
    await sleep(100, undefined, { signal });
  }
}

/**
 * Waits until no live process holds the lock of a thing, without taking it: for whoever has announced himself where each
 * holder looks. Throws `E_LOCKED`, which names the holder.
 */
export async function waitUnlocked(place: string, signal: AbortSignal, name = place, patience = PATIENCE) {
  const path = lockPath(place);
  const startedAt = performance.now();
  const deadline = startedAt + patience;
  for (;;) {
    const holder = await readHolder(path);
    // A holder writes its name at once: a lock that stays empty is nobody's.
    const mayBeWritten = performance.now() - startedAt < UNWRITTEN;
    const isHeld = holder ? isAlive(holder) : mayBeWritten && (await isThere(path));
    if (!isHeld) return;
    if (performance.now() > deadline) throw locked(place, name, holder, "use");
    await sleep(100, undefined, { signal });
  }
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** Removes a lock whose holder is dead: it had come to its end but for that. */
export async function sweepLock(place: string): Promise<void> {
  const path = lockPath(place);
  const holder = await readHolder(path);
  if (holder && !isAlive(holder)) await dropStale(path, holder);
}

async function tryLock(path: string): Promise<boolean> {
  try {
    await writeFile(path, JSON.stringify(ownOwner()), { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function readHolder(path: string): Promise<Owner | null> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as Owner;
  } catch {
    return null;
  }
}

/** Removes a stale lock unless somebody else has just replaced it. */
async function dropStale(path: string, stale: Owner | null): Promise<void> {
  const now = await readHolder(path);
  if (now?.pid === stale?.pid && now?.tag === stale?.tag) await rm(path, { force: true });
}

function locked(place: string, name: string, holder: Owner | null, deed = "change"): GuestkitError {
  const who = holder ? `process ${holder.pid}` : "another process";
  return new GuestkitError("E_LOCKED", `Cannot ${deed} "${name}": ${who} is changing it`, {
    at: { file: place },
    help: "Wait until it is done (guestkit progress shows it), then run again.",
  });
}
