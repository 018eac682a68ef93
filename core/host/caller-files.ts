import { type BigIntStats, statSync } from "node:fs";
import { type CallerPath, ownPath } from "../kit/caller-path.ts";
import type { CallerFiles, CallerLook, Context } from "../kit/context.ts";
import { readNamedFile } from "./named-file.ts";

/** Of a caller on this machine. */
const LOCAL: CallerFiles = {
  look: async (path) => lookHere(ownPath(path)),
  locate: async (path) => ownPath(path),
  folder: async (path) => ({ directory: ownPath(path) }),
};

/** How the files of whoever asked are reached. */
export const callerFiles = ({ files = LOCAL }: Pick<Context, "files">): CallerFiles => files;

function lookHere(path: string): CallerLook | null {
  const found = statHere(path);
  if (!found) return null;
  const kind = found.isFile() ? "file" : found.isDirectory() ? "directory" : "other";
  const { dev, ino, size, mtimeNs, ctimeNs } = found;
  return { kind, stamp: `${dev} ${ino} ${size} ${mtimeNs} ${ctimeNs}` };
}

function statHere(path: string): BigIntStats | null {
  try {
    return statSync(path, { bigint: true });
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
