import type { FileSystem } from "./filesystem.ts";

/** A folder of a file system as one of its own, as a bind mount shows it: the rest of it is out of reach. */
export function rootedAt(fs: FileSystem, root: number): FileSystem {
  const { type, uuid, label, size } = fs;
  return {
    ...{ type, uuid, label, size, root },
    get free() {
      return fs.free;
    },
    get warnings() {
      return fs.warnings;
    },
    ...(fs.nested && { nested: (inode: number) => fs.nested?.(inode) ?? null }),
    stat: (inode) => fs.stat(inode),
    entries: (directory) => fs.entries(directory),
    lookup: (directory, name) => fs.lookup(directory, name),
    readLink: (inode) => fs.readLink(inode),
    open: (inode) => fs.open(inode),
    xattrs: (inode) => fs.xattrs(inode),
    // It belongs to whoever opened it whole.
    [Symbol.asyncDispose]: async () => {},
  };
}
