import type { BigIntStats } from "node:fs";
import { stat } from "node:fs/promises";
import { type CallerPath, ownPath } from "../kit/caller-path.ts";
import type { CallerFiles, CallerLook, Context } from "../kit/context.ts";
import { readNamedFile } from "./named-file.ts";

/** Of a caller on this machine. */
const LOCAL: CallerFiles = {
  look: async (path) => await lookHere(ownPath(path)),
  locate: async (path) => ownPath(path),
  folder: async (path) => ({ directory: ownPath(path) }),
};

/** How the files of whoever asked are reached. */
export const callerFiles = ({ files = LOCAL }: Pick<Context, "files">): CallerFiles => files;

async function lookHere(path: string): Promise<CallerLook | null> {
  const found = await statHere(path);
  if (!found) return null;
  const kind = found.isFile() ? "file" : found.isDirectory() ? "directory" : "other";
  const { dev, ino, size, mtimeNs, ctimeNs } = found;
  return { kind, stamp: `${dev} ${ino} ${size} ${mtimeNs} ${ctimeNs}` };
}

/** On another thread: these files may lie on a disk that never answers, and this one has to hear of an interruption. */
async function statHere(path: string): Promise<BigIntStats | null> {
  try {
    return await stat(path, { bigint: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    throw error;
  }
}

/** The bytes of a regular file of the caller's, `most` at most. Throws as `readNamedFile`. */
export async function readCallerFile(
  path: CallerPath,
  context: Pick<Context, "files">,
  most?: number,
): Promise<Buffer> {
  return await readNamedFile(await callerFiles(context).locate(path, most), most);
}
