import { mkdir, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { GuestkitError } from "../kit/errors.ts";

/**
 * Makes a folder and those above it. Node's own recursive `mkdir` never ends where a file system answers ENOENT for
 * any new name, as /proc does. Throws `E_FOLDER`.
 */
export async function makeFolder(path: string, mode?: number): Promise<void> {
  const folder = resolve(path);
  try {
    await makeMissing(folder, mode);
  } catch (cause) {
    if (cause instanceof GuestkitError) throw cause;
    throw new GuestkitError("E_FOLDER", `Cannot make the folder "${folder}": ${(cause as Error).message}`, {
      cause,
      at: { file: folder },
      help: "Name a folder that this user may write to.",
    });
  }
}

async function makeMissing(folder: string, mode: number | undefined): Promise<void> {
  if (await isFolder(folder)) return;
  if (dirname(folder) !== folder) await makeMissing(dirname(folder), mode);
  await mkdir(folder, { mode }).catch((error: NodeJS.ErrnoException) => {
    // Somebody else may have made it meanwhile; a file of that name is still in the way.
    if (error.code !== "EEXIST") throw error;
  });
  if (!(await isFolder(folder))) throw new Error("something else has that name");
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return found?.isDirectory() ?? false;
}
