import { constants } from "node:fs";
import { type FileHandle, open, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Context } from "../kit/context.ts";
import { flock } from "./flock.ts";
import { makeFolder } from "./folder.ts";
import { locked, lockedOlder, lockPath, olderHolder, ownMessage, readHolder } from "./lock-holder.ts";
import { openPlainFile } from "./plain-file.ts";

/** How long another holder is waited for before the lock is refused, where no setting says so (s). */
export const LOCK_TIMEOUT = 10;

export interface LockOptions {
  /** How long another holder is waited for, ms; what the settings say where left out. */
  readonly patience?: number | undefined;
  /** What messages call the thing; its path where left out. */
  readonly name?: string | undefined;
  /** The file is going to be removed: what may come in its place is locked as well. */
  readonly removes?: boolean;
  /** What is going to be the file is for its owner alone from the start: not even to be locked by others. */
  readonly private?: boolean;
}

/** What a wait is stopped by; how long it is, and who is told of a file system without locks. */
export type LockContext = Pick<Context, "signal"> & Partial<Pick<Context, "settings" | "progress">>;

/** A wait for one lock: it ends, however often it starts anew. */
export interface Wait {
  readonly place: string;
  readonly name: string;
  readonly deed: string;
  readonly context: LockContext;
  /** Milliseconds that are left. */
  left(): number;
  /** One turn more; false where there is none. */
  again(): boolean;
}

/** Without any patience as well, a file may be replaced under the look at it. */
const LEAST_TURNS = 20;

/**
 * Takes the lock of a thing that lies in a folder of guestkit's own, by the path that stands for it; dispose to release.
 * What is locked is the file of the message, `.NAME.guestkit-lock` beside it: the thing itself may come, go and be
 * renamed. Throws `E_LOCKED`, which names the holder.
 */
export async function takeLock(
  place: string,
  context: LockContext,
  options: LockOptions = {},
): Promise<AsyncDisposable> {
  const path = lockPath(place);
  await makeFolder(dirname(path));
  const wait = waitFor(place, context, options);
  await waitOlder(wait);
  const handle = await takeMade(path, async () => (await makeNew(path)) ?? (await openMade(path)), wait);
  await tell(handle).catch(() => {});
  return {
    [Symbol.asyncDispose]: async () => {
      await rm(path, { force: true });
      await handle.close();
    },
  };
}

/** Waits until nobody holds the lock of such a thing, without taking it. Throws `E_LOCKED`, which names the holder. */
export async function waitUnlocked(place: string, context: LockContext, options: LockOptions = {}): Promise<void> {
  const wait = waitFor(place, context, options, "use");
  await waitOlder(wait);
  await waitOpen(() => openPlainFile(lockPath(place)), lockPath(place), wait);
}

/** Removes the file of a lock that a killed holder left; a held one stays. */
export async function sweepLock(place: string): Promise<void> {
  if ((await readHolder(place)) === null) await removeUnlocked(lockPath(place));
}

export function waitFor(place: string, context: LockContext, options: LockOptions, deed = "change"): Wait {
  const { patience = (context.settings?.lockTimeout ?? LOCK_TIMEOUT) * 1000, name = place } = options;
  const deadline = performance.now() + patience;
  const left = () => Math.max(0, deadline - performance.now());
  let turns = 0;
  return { place, name, deed, context, left, again: () => ++turns <= LEAST_TURNS || left() > 0 };
}

/** Waits for a command of an earlier release, which holds no lock of the kernel's. Throws `E_LOCKED`. */
export async function waitOlder({ place, name, deed, context: { signal }, left }: Wait): Promise<void> {
  for (let holder = await olderHolder(place); holder; holder = await olderHolder(place)) {
    if (left() === 0) throw lockedOlder(place, name, deed, holder);
    await sleep(100, undefined, { signal });
  }
}

/**
 * The lock of the file that `opens` opens and that has the name `path` then: whoever renames or removes a file holds its
 * lock, so that one which was waited for may be another's by now. Then it starts anew.
 */
async function takeOpen(path: string, opens: Opens, wait: Wait): Promise<FileHandle> {
  for (;;) {
    const handle = await opens();
    if (handle && (await isTaken(handle, path, wait))) return handle;
    await handle?.close();
  }
}

/** Null where the file came or went under it. */
type Opens = () => Promise<FileHandle | null>;

/** The same for a file that is there for the lock's sake: one that was made for a wait in vain is removed again. */
export async function takeMade(path: string, opens: Opens, wait: Wait): Promise<FileHandle> {
  try {
    return await takeOpen(path, opens, wait);
  } catch (error) {
    await removeUnlocked(path).catch(() => {});
    throw error;
  }
}

/** Takes the lock of an open file; false where another file has its name now. It is closed where this throws. */
export async function isTaken(handle: FileHandle, path: string, wait: Wait): Promise<boolean> {
  try {
    if (!wait.again()) throw await locked(wait.place, path, wait.name, wait.deed);
    await lockOpen(handle, path, wait);
    return await isNamed(path, handle);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function lockOpen(handle: FileHandle, path: string, wait: Wait, shared = false): Promise<void> {
  const { context, place, name, deed } = wait;
  const outcome = await flock(handle.fd, { signal: context.signal, patience: wait.left(), shared });
  if (outcome === "busy") throw await locked(place, path, name, deed);
  if (outcome === "none") {
    const detail = `the file system of "${path}" has no locks: run no other guestkit on "${name}" meanwhile`;
    context.progress?.({ phase: "locking", detail, warning: true });
  }
}

/** Whether `path` still leads to an open file. */
export async function isNamed(path: string, handle: FileHandle): Promise<boolean> {
  const [now, own] = await Promise.all([stat(path, { bigint: true }).catch(() => null), handle.stat({ bigint: true })]);
  return now !== null && now.dev === own.dev && now.ino === own.ino;
}

/** Waits until an open file's lock is free, beside others who wait for that. */
export async function waitOpen(opens: () => Promise<FileHandle | null>, path: string, wait: Wait): Promise<void> {
  const handle = await opens();
  try {
    if (handle) await lockOpen(handle, path, wait, true);
  } finally {
    await handle?.close();
  }
}

/** Removes a file whose lock nobody holds. */
export async function removeUnlocked(path: string): Promise<void> {
  const handle = await openPlainFile(path).catch(() => null);
  if (!handle) return;
  try {
    const outcome = await flock(handle.fd, { signal: new AbortController().signal, patience: 0 });
    if (outcome === "held" && (await isNamed(path, handle))) await rm(path, { force: true });
  } finally {
    await handle.close();
  }
}

/** A file that somebody made for a lock; another user's to read alone, which is enough to lock it. */
export function openMade(path: string): Promise<FileHandle | null> {
  return openPlainFile(path, constants.O_RDWR).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "EACCES") return openPlainFile(path);
    throw error;
  });
}

/** A new empty file, open; null where something has the name. */
export function makeNew(path: string, mode = 0o644): Promise<FileHandle | null> {
  const { O_RDWR, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  return open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, mode).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "EEXIST") return null;
    throw error;
  });
}

async function tell(handle: FileHandle): Promise<void> {
  await handle.truncate(0);
  await handle.write(ownMessage(), 0);
}
