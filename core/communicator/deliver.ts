import { createReadStream, createWriteStream } from "node:fs";
import { cp, lstat, mkdtemp, rename, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, posix, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { GuestkitError } from "../kit/errors.ts";

/**
 * A new folder for what is on its way, this user's alone; removed when disposed of. `target` tells where it is to end: on
 * the same file system, where this user may write there.
 */
export async function workFolder(target?: string): Promise<AsyncDisposable & { readonly path: string }> {
  const elsewhere = () => mkdtemp(join(tmpdir(), "guestkit-copy-"));
  const beside = target === undefined ? null : join(dirname(resolve(target)), ".guestkit-copy-");
  const path = await (beside === null ? elsewhere() : mkdtemp(beside).catch(elsewhere));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** The name that something of the guest has here; empty for its root. Throws `E_GUEST_COPY` where the path has none. */
export function itemOf(remote: string): string {
  const item = posix.basename(posix.normalize(remote));
  if (item !== "..") return item;
  throw new GuestkitError("E_GUEST_COPY", `Cannot copy "${remote}": name the folder itself`);
}

/**
 * Puts what came out of a guest to its place: as `item` into `local` where that is a folder. A file or link that has the name is
 * replaced, never written through; a device or a pipe that the user names gets the bytes.
 */
export async function deliver(found: string, item: string, local: string): Promise<void> {
  const there = await stat(local).catch(() => null);
  if (there && !there.isFile() && !there.isDirectory()) {
    return await pipeline(createReadStream(found), createWriteStream(local));
  }
  const target = there?.isDirectory() ? join(local, item) : local;
  const isFile = (await lstat(found)).isFile();
  const isMoved = isFile && (await rename(found, target).then(() => true, isElsewhere));
  if (!isMoved) await cp(found, target, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
}

/** False for another file system. */
function isElsewhere(error: NodeJS.ErrnoException): false {
  if (error.code === "EXDEV") return false;
  throw error;
}
