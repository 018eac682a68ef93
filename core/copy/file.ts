import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fsyncSync,
  ftruncateSync,
  futimesSync,
  openSync,
  readSync,
  type Stats,
  writeSync,
} from "node:fs";
import type { FileStat } from "../filesystem/filesystem.ts";
import type { ByteSource } from "../source/source.ts";
import { type HostPath, replaceWhole, syncFolderOf } from "./place.ts";

/** Bytes read or written at once. */
const CHUNK = 1 << 20;

export interface FileWrite {
  readonly stat: FileStat;
  /** Bits that it gets. */
  readonly mode: number;
  /** Set owner and group as well. */
  readonly owner: boolean;
  /** Wait until it is on the disk. */
  readonly sync: boolean;
  readonly signal: AbortSignal;
  readonly onBytes: (count: number) => void;
  /** Before it gets its name; what this throws keeps it from that. */
  readonly onWhole: (() => void) | undefined;
}

/** Writes a file whole, holes as holes. */
export async function writeFile(path: HostPath, source: ByteSource, how: FileWrite): Promise<void> {
  await replaceWhole(path, async (partial) => {
    const fd = openSync(
      partial,
      constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
      0o600,
    );
    try {
      await writeContent(fd, source, how);
      if (how.owner) fchownSync(fd, how.stat.uid, how.stat.gid);
      fchmodSync(fd, how.mode);
      futimesSync(fd, seconds(how.stat.atime), seconds(how.stat.mtime));
      if (how.sync) fsyncSync(fd);
      how.onWhole?.();
    } finally {
      closeSync(fd);
    }
  });
  if (how.sync) syncFolderOf(path);
}

function seconds(time: FileStat["mtime"]): number {
  return time.seconds + time.nanoseconds / 1e9;
}

async function writeContent(fd: number, source: ByteSource, { signal, onBytes }: FileWrite): Promise<void> {
  ftruncateSync(fd, source.size);
  for (let at = 0; at < source.size; ) {
    const { length, zero } = await nextRun(source, at);
    if (!zero) writeAll(fd, await source.read(at, length, signal), at);
    onBytes(length);
    at += length;
  }
}

/** A stretch of one kind: a whole hole, or at most a chunk of data. */
async function nextRun(source: ByteSource, at: number): Promise<{ length: number; zero: boolean }> {
  const left = source.size - at;
  const extent = left > CHUNK ? await source.extent?.(at, left) : undefined;
  if (extent?.zero) return extent;
  return { length: Math.min(extent?.length ?? left, CHUNK), zero: false };
}

function writeAll(fd: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done, bytes.length - done, position + done);
}

/** Whether the host's file has these very bytes. */
export async function sameContent(
  path: HostPath,
  found: Stats,
  source: ByteSource,
  signal: AbortSignal,
): Promise<boolean> {
  if (found.size !== source.size) return false;
  const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  const own = Buffer.alloc(Math.min(CHUNK, source.size));
  try {
    for (let at = 0; at < source.size; at += own.length) {
      const wanted = await source.read(at, Math.min(CHUNK, source.size - at), signal);
      const got = readSync(fd, own, 0, wanted.length, at);
      if (!own.subarray(0, got).equals(wanted)) return false;
    }
    return true;
  } finally {
    closeSync(fd);
  }
}
