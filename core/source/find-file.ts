import { opendir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { openFileSource } from "./file.ts";
import type { ByteSource } from "./source.ts";

/** Names of a folder that are looked at, and files that are opened to see what they are. */
const MOST = { names: 65536, opened: 256 } as const;

/**
 * The first file in the folder of the file `base` whose name ends so, in whatever case, and that `isIt`: its name taken
 * relative to that folder. VirtualBox keeps children in `Snapshots`, and their first parent in the folder above.
 * Null where none is it, or is among so many files that they are not looked through.
 */
export async function findFile(
  base: string,
  ending: string,
  isIt: (source: ByteSource) => Promise<boolean>,
): Promise<string | null> {
  const own = dirname(base);
  const above = basename(own) === "Snapshots" ? [".."] : [];
  for (const folder of ["", ...above]) {
    for (const name of await namesIn(join(own, folder), ending)) {
      if (await holds(join(own, folder, name), isIt)) return join(folder, name);
    }
  }
  return null;
}

/** In an order of their own: a folder's is by chance. One that cannot be looked through holds none. */
async function namesIn(folder: string, ending: string): Promise<readonly string[]> {
  const found: string[] = [];
  let seen = 0;
  for await (const entry of (await opendir(folder).catch(() => null)) ?? []) {
    if (entry.name.toLowerCase().endsWith(ending)) found.push(entry.name);
    if (++seen === MOST.names) break;
  }
  return found.sort().slice(0, MOST.opened);
}

/** What cannot be opened or read is not it. */
async function holds(path: string, isIt: (source: ByteSource) => Promise<boolean>): Promise<boolean> {
  const source = await openFileSource(path).catch(() => null);
  if (!source) return false;
  try {
    return await isIt(source);
  } catch {
    return false;
  } finally {
    await source[Symbol.asyncDispose]();
  }
}
