import type { DirectoryEntry, FileType } from "../filesystem.ts";
import type { Volume } from "./volume.ts";

/** `ftype`; 0 and whatever is unknown says nothing. */
const TYPES: readonly (FileType | null)[] = [null, "file", "directory", "char", "block", "fifo", "socket", "symlink"];
const DOT = 0x2e;
const SLASH = 0x2f;

/** An entry by what stands on disk; `type` is 0 where the file system notes none. */
export function entryOf(name: Uint8Array, inode: number, type: number): DirectoryEntry {
  return { name, inode, type: TYPES[type] ?? null };
}

/** What is wrong with an entry, or null: what the kernel would not hand out. */
export function entryFault(volume: Volume, name: Uint8Array, inode: number): string | null {
  if (name.length === 0) return "an entry without a name";
  for (let at = 0; at < name.length; at++) {
    const byte = name[at];
    if (byte === SLASH || byte === 0) return `a name with a ${byte === 0 ? "NUL" : "slash"}`;
  }
  return volume.holdsInode(inode) ? null : `inode ${inode}, which cannot be`;
}

/** `.` and `..`. */
export function isDot(name: Uint8Array): boolean {
  return name[0] === DOT && (name.length === 1 || (name.length === 2 && name[1] === DOT));
}

export function isSame(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}
