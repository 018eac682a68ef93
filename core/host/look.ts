import { type BigIntStats, lstatSync, statSync } from "node:fs";

/**
 * A file or folder as it is now; null where there is none, or none that this user may look at. Links are followed. A look is
 * taken at once: handed to another thread, as promises do, it takes ten times as long.
 */
export function lookAt(path: string): BigIntStats | null {
  try {
    return statSync(path, { bigint: true, throwIfNoEntry: false }) ?? null;
  } catch {
    return null;
  }
}

/** Whether something has a name, which may be a link that leads nowhere. True as well where that cannot be told. */
export function mayBeThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ENOTDIR";
  }
}
