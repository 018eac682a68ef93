import { readFile, stat } from "node:fs/promises";
import { locksOn } from "../kit/proc-locks.ts";

/** Bytes that a file takes on the host: holes are free. */
export async function allocatedSize(path: string): Promise<number> {
  const { blocks, size } = await stat(path);
  return blocks === undefined ? size : blocks * 512;
}

/**
 * QEMU's image locks (block/file-posix.c): byte 100 + n is locked for the permission n that a user of the image has.
 * 1 is writing, 3 is resizing.
 */
const WRITE_BYTES = [101, 103] as const;

/** Whether a machine, or QEMU's tools, hold the image at `path` for writing. False where the system does not tell. */
export async function isBeingWritten(path: string): Promise<boolean> {
  if (process.platform !== "linux") return false;
  const [table, file] = await Promise.all([
    readFile("/proc/locks", "utf8").catch(() => ""),
    stat(path, { bigint: true }),
  ]);
  return locksOn(table, file).some(
    ({ kind, first, last }) => kind !== "FLOCK" && WRITE_BYTES.some((byte) => first <= byte && byte <= last),
  );
}
