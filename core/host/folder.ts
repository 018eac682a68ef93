import { mkdir, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { GuestkitError, systemError } from "../kit/errors.ts";

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

async function makeMissing(folder: string, mode: number | undefined): Promise<void> {
  if (await isFolder(folder)) return;
  if (dirname(folder) !== folder) await makeMissing(dirname(folder), mode);
  await mkdir(folder, { mode }).catch((error: NodeJS.ErrnoException) => {
    // Somebody else may have made it meanwhile; a file of that name is still in the way.
    if (error.code !== "EEXIST") throw error;
  });
  if (await isFolder(folder)) return;
  throw new GuestkitError("E_FOLDER", `Cannot make the folder "${folder}": something else has that name`, {
    at: { file: folder },
    help: `Name another one, or look at what is there: ls -ld "${folder}"`,
  });
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return found?.isDirectory() ?? false;
}
