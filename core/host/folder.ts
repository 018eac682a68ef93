import { closeSync, constants, fchmodSync, fstatSync, openSync } from "node:fs";
import { access, mkdir, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { GuestkitError, systemError } from "../kit/errors.ts";
import { reasonOf } from "../kit/system-error.ts";
import { lookAt } from "./look.ts";

/**
 * Makes a folder and those above it. Node's own recursive `mkdir` never ends where a file system answers ENOENT for
 * any new name, as /proc does. Throws `E_FOLDER` where something else has its name, and system errors.
 */
export async function makeFolder(path: string, mode?: number): Promise<void> {
  const folder = resolve(path);
  try {
    await makeMissing(folder, mode);
  } catch (cause) {
    throw cause instanceof GuestkitError ? cause : (systemError(cause, folder) ?? cause);
  }
}

/**
 * Why nothing can be put into a folder, which is made where it is missing: `E_FOLDER`, about the nearest one that is there;
 * null where nothing speaks against it. `field` is where the declaration names it; what `goes` makes room by then. Changes
 * nothing.
 */
export async function folderFault(
  path: string,
  field: readonly string[],
  goes: (path: string) => boolean = () => false,
): Promise<GuestkitError | null> {
  const folder = resolve(path);
  try {
    if (!(await stat(folder)).isDirectory()) {
      return goes(folder) ? folderFault(dirname(folder), field, goes) : noFolder(folder, field);
    }
    await access(folder, constants.W_OK | constants.X_OK);
    return null;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if ((code === "ENOENT" || code === "ENOTDIR") && dirname(folder) !== folder)
      return folderFault(dirname(folder), field, goes);
    const isReadOnly = code === "EROFS";
    const found = isReadOnly ? "E_SYSTEM_EROFS" : "E_FOLDER";
    return new GuestkitError(found, `Cannot write to the folder "${folder}": ${reasonOf(cause)}`, {
      cause,
      at: { file: folder, field },
      help: isReadOnly
        ? `Name another place, or mount it writable: findmnt -T '${folder}'`
        : `Run as its owner, or name a place that is yours. Look at it: ls -ld "${folder}"`,
    });
  }
}

/** The same for a folder of guestkit's own: its owner's alone, also where an older release, or a umask, left it open. */
export async function makeOwnFolder(path: string): Promise<void> {
  await makeFolder(path, 0o700);
  await tightenFolder(path);
}

/**
 * Takes what others may do in a folder of this user's from it. One that many share (/tmp) is left alone; and what is looked
 * at is what is changed, since whoever may write above it can put a link in its place.
 */
export async function tightenFolder(path: string): Promise<void> {
  const folder = openFolder(path);
  if (folder === null) return;
  try {
    const { uid, mode } = fstatSync(folder);
    if (uid === process.getuid?.() && (mode & 0o077) !== 0 && (mode & 0o1000) === 0) fchmodSync(folder, 0o700);
  } finally {
    closeSync(folder);
  }
}

function openFolder(path: string): number | null {
  try {
    return openSync(path, FOLDER);
  } catch {
    return null;
  }
}

const FOLDER = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

async function makeMissing(folder: string, mode: number | undefined): Promise<void> {
  if (isFolder(folder)) return;
  if (dirname(folder) !== folder) await makeMissing(dirname(folder), mode);
  await mkdir(folder, { mode }).catch((error: NodeJS.ErrnoException) => {
    // Somebody else may have made it meanwhile; a file of that name is still in the way.
    if (error.code !== "EEXIST") throw error;
  });
  if (isFolder(folder)) return;
  throw noFolder(folder);
}

function noFolder(folder: string, field?: readonly string[]): GuestkitError {
  return new GuestkitError("E_FOLDER", `Cannot make the folder "${folder}": something else has that name`, {
    at: { file: folder, ...(field && { field }) },
    help: `Name another one, or look at what is there: ls -ld "${folder}"`,
  });
}

const isFolder = (path: string): boolean => lookAt(path)?.isDirectory() ?? false;
