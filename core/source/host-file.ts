import { readFile, stat } from "node:fs/promises";

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
  const [table, { dev, ino }] = await Promise.all([
    readFile("/proc/locks", "utf8").catch(() => ""),
    stat(path, { bigint: true }),
  ]);
  return table.split("\n").some((line) => locksForWriting(line, `${deviceName(dev)}:${ino}`));
}

/** A line of proc_locks(5): `1: OFDLCK ADVISORY READ -1 fe:00:1234 100 101`. */
function locksForWriting(line: string, file: string): boolean {
  const [, kind, , , , place, start, end] = line.replace(" -> ", " ").trim().split(/\s+/);
  if ((kind !== "OFDLCK" && kind !== "POSIX") || place !== file) return false;
  const last = end === "EOF" ? Number.POSITIVE_INFINITY : Number(end);
  return WRITE_BYTES.some((byte) => Number(start) <= byte && byte <= last);
}

/** `fe:00`: major and minor in hex, from the encoding of makedev(3). */
function deviceName(dev: bigint): string {
  const major = ((dev >> 8n) & 0xfffn) | ((dev >> 32n) & ~0xfffn);
  const minor = (dev & 0xffn) | ((dev >> 12n) & ~0xffn);
  return [major, minor].map((part) => part.toString(16).padStart(2, "0")).join(":");
}
