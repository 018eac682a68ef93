/** A large file that is written piece by piece: zeros become holes, and the file system keeps some room. */
import type { FileHandle } from "node:fs/promises";
import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { writeAll } from "../host/write-file.ts";
import { GuestkitError } from "../kit/errors.ts";
import { formatSize } from "../kit/size.ts";

/** What it leaves free on the file system: so many bytes, of a small one a twentieth. */
const RESERVE = 128 << 20;
const PART = 20;
const BLOCK = 64 << 10;
/** Bytes that are written between two looks at the free space. */
const LOOK = 32 << 20;
const ZEROS = Buffer.alloc(BLOCK);

/** Gives the bytes that were written: blocks of zeros are left as holes. */
export async function writeHoled(file: FileHandle, path: string, piece: Buffer, at: number): Promise<number> {
  let written = 0;
  for (let start = 0; start < piece.length; start += BLOCK) {
    const block = piece.subarray(start, start + BLOCK);
    if (ZEROS.compare(block, 0, block.length, 0, block.length) === 0) continue;
    await writeAll(file, path, block, at + start);
    written += block.length;
  }
  return written;
}

/**
 * Told of each write, it looks at what is left on the file system now and then. `doing` is what cannot be done any more:
 * `unpack "x.xz"`. Throws `E_SOURCE_SPACE`.
 */
export function roomOf(path: string, doing: string): (written: number) => Promise<void> {
  let since = LOOK;
  return async (written) => {
    since += written;
    if (since < LOOK) return;
    since = 0;
    const { bavail, blocks, bsize } = await statfs(dirname(path));
    const reserve = Math.min(RESERVE, Math.ceil((blocks * bsize) / PART));
    if (bavail * bsize >= reserve) return;
    const message = `Cannot ${doing}: less than ${formatSize(reserve)} are left in "${dirname(path)}"`;
    throw new GuestkitError("E_SOURCE_SPACE", message, { help: "Make room there, or put the image elsewhere." });
  };
}
