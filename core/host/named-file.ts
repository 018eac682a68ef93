import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { formatSize } from "../kit/size.ts";
import { readBounded } from "./plain-file.ts";

/** Links are the user's own to lay; a pipe or a device is never waited for. */
const NAMED = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;
/** Most bytes of a file that is taken into memory: what one buffer of Node holds is more. */
const MOST = 2 ** 31 - 1;

/**
 * The bytes of a regular file that the user named, links followed, `limit` bytes at most. For callers who say themselves
 * what could not be done: throws the bare reason, or the system's own error.
 */
export async function readNamedFile(path: string, limit = MOST): Promise<Buffer> {
  const handle = await open(path, NAMED);
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) throw new Error(stat.isDirectory() ? "it is a directory" : "it is no regular file");
    if (stat.size > limit) throw excess(path, limit);
    return await readBounded(handle, path, limit, excess, stat.size);
  } finally {
    await handle.close();
  }
}

const excess = (_: string, limit: number) => new Error(`it has more than ${formatSize(limit)}`);
