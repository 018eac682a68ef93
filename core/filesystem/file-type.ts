import type { FileType } from "./filesystem.ts";

/** By the upper four bits of `st_mode` (inode(7), S_IFMT). */
const TYPES: Readonly<Record<number, FileType>> = {
  1: "fifo",
  2: "char",
  4: "directory",
  6: "block",
  8: "file",
  10: "symlink",
  12: "socket",
};

/** The type that a mode tells; undefined where it is none, or has bits past its sixteen. */
export const typeOfMode = (mode: number): FileType | undefined => TYPES[mode >>> 12];
