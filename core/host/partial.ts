import { createHash, randomBytes } from "node:crypto";
import { link, lstat, open, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { atPlace } from "../kit/errors.ts";
import { isGone, type Owner, ownOwner } from "./owner.ts";

/** A file (or work folder) beside a target that is not yet, or never becomes, the target. */
export interface Partial extends AsyncDisposable {
  /** Free: nothing stands there yet. */
  readonly path: string;
  /** Syncs it and gives it the target's name (or that of a companion beside it), atomically. */
  publish(as?: string): Promise<void>;
}

/**
 * A free name beside `target`: `.NAME.guestkit-partial-<pid>-<owner and random>`. Disposing removes whatever stands
 * there; a partial that outlived its process is removed by `sweepPartials`.
 */
export function partialBeside(target: string, kind = "image"): Partial {
  const { pid, tag } = ownOwner();
  const path = join(dirname(target), `${prefixOf(target)}${pid}-${tag}${randomBytes(4).toString("hex")}-${kind}`);
  return {
    path,
    publish: (as = target) => publish(path, as),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}

/** The partials of `target` whose process is gone. */
export function stalePartials(target: string): Promise<readonly string[]> {
  return partialsOf(target, isGone);
}

/** The partials of `target` whose process may be at work. */
export function livePartials(target: string): Promise<readonly string[]> {
  return partialsOf(target, (owner) => !isGone(owner));
}

async function partialsOf(target: string, isWanted: (owner: Owner) => boolean): Promise<readonly string[]> {
  const prefix = prefixOf(target);
  const names = await readdir(dirname(target)).catch(() => []);
  return names
    .filter((name) => {
      const owner = name.startsWith(prefix) ? ownerIn(name.slice(prefix.length)) : null;
      return owner !== null && isWanted(owner);
    })
    .map((name) => join(dirname(target), name));
}

/** Every partial in a folder whose process is gone, whatever it was to become. */
export async function stalePartialsIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => isStale(/^\..*\.guestkit-partial-(.*)$/.exec(name)?.[1] ?? ""))
    .map((name) => join(folder, name));
}

/** Removes the partials of `target` (of one kind alone, where that is given) whose process is gone. Gives their paths. */
export async function sweepPartials(target: string, kind = ""): Promise<readonly string[]> {
  return removeAll((await stalePartials(target)).filter((path) => path.endsWith(kind && `-${kind}`)));
}

/** The same for a whole folder. */
export async function sweepPartialsIn(folder: string): Promise<void> {
  await removeAll(await stalePartialsIn(folder));
}

async function removeAll(paths: readonly string[]): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const path of paths) if (await sweep(path)) removed.push(path);
  return removed;
}

/** Removes a file or folder of this user's. What others laid under such a name is theirs; no link is followed. */
async function sweep(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => null);
  const isOurs = found?.uid === process.getuid?.() && (found?.isFile() || found?.isDirectory());
  if (isOurs) await rm(path, { recursive: true, force: true });
  return isOurs === true;
}

/** Whether a partial's process is gone, by what follows its prefix. */
export function isStale(rest: string): boolean {
  const owner = ownerIn(rest);
  return owner !== null && isGone(owner);
}

function ownerIn(rest: string): Owner | null {
  const match = /^(\d+)-((?:[0-9a-f]{8}){0,2})[0-9a-f]{8}(-|$)/.exec(rest);
  return match && { pid: Number(match[1]), tag: match[2] ?? "" };
}

/**
 * The partial that is going to be `target`, under the one name by which everybody finds it: its lock is the lock of a
 * target that is not there yet (see file-lock.ts). No sweep touches it.
 */
export function nextPath(target: string): string {
  return join(dirname(target), `${prefixOf(target)}next`);
}

function prefixOf(target: string): string {
  return `.${companionName(target)}.guestkit-partial-`;
}

/** The target's name, made short where a companion's name would pass the system's limit of 255 bytes. */
export function companionName(target: string): string {
  const name = basename(target);
  if (Buffer.byteLength(name) <= 180) return name;
  return `${name.slice(0, 40)}~${createHash("sha256").update(name).digest("hex").slice(0, 16)}`;
}

/** Syncs a file and gives it its target's name. */
export async function publish(path: string, target: string): Promise<void> {
  await syncFile(path);
  await rename(path, target);
  await syncFolder(dirname(target));
}

/** Publishes a partial where nothing stands: a name that somebody takes only now is his. Throws EEXIST. */
export async function publishNew({ path }: Partial, target: string): Promise<void> {
  await syncFile(path);
  await link(path, target);
  await syncFolder(dirname(target));
}

export async function syncFile(path: string): Promise<void> {
  const handle = await open(path, "r+");
  try {
    await atPlace(path, () => handle.sync());
  } finally {
    await handle.close();
  }
}

/** Makes a rename in `folder` last. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } catch {
    // Some network file systems refuse to sync a folder: their rename is all there is.
  } finally {
    await handle.close();
  }
}
