import { statSync } from "node:fs";

/** Files that were read, each with its stamp of before that. */
export interface Stamps {
  readonly files: readonly (readonly [file: string, stamp: string])[];
  /** How long ago the first look at them was, ms. */
  readonly age: number;
}

/**
 * Changes whenever the content of the file at `path` may have; empty where there is none, an error's code where it may not
 * be looked at. In place: the kernel answers sooner than the thread pool is asked.
 */
export function stampOf(path: string): string {
  try {
    const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
    if (!stat) return "";
    const { dev, ino, size, mtimeNs, ctimeNs } = stat;
    return `${dev}:${ino}:${size}:${mtimeNs}:${ctimeNs}`;
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code);
  }
}

/** When a file with that stamp was last changed, ns by the clock of its file system; 0 where there is none. */
export function changedAt(stamp: string): bigint {
  const [, , , mtime, ctime] = stamp.split(":");
  if (mtime === undefined || ctime === undefined) return 0n;
  return BigInt(mtime) > BigInt(ctime) ? BigInt(mtime) : BigInt(ctime);
}
