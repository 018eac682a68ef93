/**
 * What came from callers on other machines, by its content: `CACHE/caller/SHA256/whole/NAME`, with `part` beside it while it
 * comes, and `stamp`, which tells whether the whole file was touched since its bytes were verified.
 */
import { constants } from "node:fs";
import { type FileHandle, link, lstat, mkdir, open, readdir, rename, rm, utimes } from "node:fs/promises";
import { basename, join } from "node:path";
import { lookAt } from "../../host/look.ts";
import { syncFolder } from "../../host/partial.ts";
import { readPlainFile } from "../../host/plain-file.ts";
import { writeFile } from "../../host/write-file.ts";
import type { Settings } from "../../kit/context.ts";

export interface Entry {
  readonly folder: string;
  readonly part: string;
  readonly whole: string;
  readonly stamp: string;
  /** The file's own name, which tells tools what it is. */
  readonly name: string;
}

export const callerFolder = ({ cacheDir }: Pick<Settings, "cacheDir">): string => join(cacheDir, "caller");

/** `path` is as the caller calls it. */
export function entryOf(sha256: string, path: string, ending: string, settings: Pick<Settings, "cacheDir">): Entry {
  const folder = join(callerFolder(settings), sha256);
  const name = `${basename(path) || "root"}${ending}`;
  return { folder, name, part: join(folder, "part"), whole: join(folder, "whole"), stamp: join(folder, "stamp") };
}

/** The file by its name, whole and untouched; null where there is none. Another name's bytes are the same. */
export async function wholeOf(entry: Entry): Promise<string | null> {
  const stamp = String((await readPlainFile(entry.stamp, 1024).catch(() => null))?.bytes ?? "");
  const place = join(entry.whole, entry.name);
  if (stamp === "") return null;
  if (stampOf(place) !== stamp) {
    if (stampOf(place) !== null || !(await linkOther(entry, stamp, place))) return null;
  }
  const now = new Date();
  await utimes(entry.stamp, now, now).catch(() => {});
  return place;
}

async function linkOther({ whole }: Entry, stamp: string, place: string): Promise<boolean> {
  for (const name of await readdir(whole).catch(() => [])) {
    const other = join(whole, name);
    if (stampOf(other) !== stamp) continue;
    await link(other, place).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
    return stampOf(place) === stamp;
  }
  return false;
}

/** A further name of a file changes nothing of it but its ctime. */
function stampOf(path: string): string | null {
  const found = lookAt(path);
  return found?.isFile() ? `${found.dev} ${found.ino} ${found.size} ${found.mtimeNs}` : null;
}

/** What came so far, to be gone on with; nothing of it counts before all of it is verified. */
export async function openPart({ folder, part }: Entry): Promise<FileHandle> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const found = await lstat(part).catch(() => null);
  if (found && !found.isFile()) await rm(part, { recursive: true, force: true });
  return await open(part, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
}

/** The part that is whole gets its name. */
export async function publishPart(entry: Entry): Promise<string> {
  await rm(entry.stamp, { force: true });
  await rm(entry.whole, { recursive: true, force: true });
  await mkdir(entry.whole, { mode: 0o700 });
  const place = join(entry.whole, entry.name);
  await rename(entry.part, place);
  await syncFolder(entry.whole);
  const part = `${entry.stamp}.new`;
  await writeFile(part, stampOf(place) ?? "", { mode: 0o600 });
  await rename(part, entry.stamp);
  return place;
}
