import { constants } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { openPlainFile } from "../../host/plain-file.ts";
import { writeAll } from "../../host/write-file.ts";

/** What a log says at its beginning once it was cut: how many bytes of the whole are gone. */
const MARK = /^\[guestkit: the first (\d{1,15}) bytes of this log were cut\]\n/;
const markOf = (bytes: number) => Buffer.from(`[guestkit: the first ${bytes} bytes of this log were cut]\n`);
/** Longer than any mark (bytes). */
const HEAD = 80;

/** Where a log file begins in all that was ever written to it. */
export interface LogBase {
  /** Bytes that were cut before it. */
  readonly cut: number;
  /** Bytes of the mark that says so. */
  readonly mark: number;
}

/** Of an uncut log both are 0. A guest may write a mark itself: it says how much is skipped, and nothing else. */
export async function readBase(file: FileHandle): Promise<LogBase> {
  const match = MARK.exec((await readAt(file, 0, HEAD)).toString("latin1"));
  return match ? { cut: Number(match[1]), mark: match[0].length } : { cut: 0, mark: 0 };
}

/**
 * Cuts a log that somebody else appends to (O_APPEND: QEMU's logappend) once it is longer than `limit` bytes: the newer
 * half of that stays, behind a mark. A line that is written in the very moment of the cut may be lost.
 */
export async function cutLog(path: string, limit: number): Promise<void> {
  await using file = await openPlainFile(path, constants.O_RDWR);
  if (!file) return;
  const { size } = await file.stat();
  if (size <= limit) return;
  const { cut, mark } = await readBase(file);
  const from = Math.max(mark, size - Math.floor(limit / 2));
  const tail = await readAt(file, from, limit);
  const kept = tail.subarray(tail.indexOf(0x0a) + 1);
  const whole = Buffer.concat([markOf(cut + from - mark + tail.length - kept.length), kept]);
  // Laid over the beginning before the rest goes: where we are killed in between, the newest lines are still there.
  await writeAll(file, path, whole, 0);
  await file.truncate(whole.length);
}

/** The last bytes of a log as text; empty where there is none. */
export async function tailOfLog(path: string, bytes = 64 << 10): Promise<string> {
  await using file = await openPlainFile(path);
  if (!file) return "";
  const { size } = await file.stat();
  return (await readAt(file, Math.max(0, size - bytes), bytes)).toString("utf8");
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}
