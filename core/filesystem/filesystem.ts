import type { Eventual } from "../kit/eventual.ts";
import type { Codec } from "../source/codec.ts";
import type { ByteSource } from "../source/source.ts";

export type FileType = "file" | "directory" | "symlink" | "block" | "char" | "fifo" | "socket";

/** Time since the epoch; nanoseconds 0..999999999, seconds may be negative. */
export interface Timestamp {
  readonly seconds: number;
  readonly nanoseconds: number;
}

export interface FileStat {
  readonly inode: number;
  readonly type: FileType;
  /** Permission bits with setuid, setgid and sticky: 0o0000..0o7777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes. */
  readonly size: number;
  readonly links: number;
  readonly mtime: Timestamp;
  readonly atime: Timestamp;
  readonly ctime: Timestamp;
  /** Creation; null where the file system has none. */
  readonly btime: Timestamp | null;
  /** Of a block or char device. */
  readonly device: { readonly major: number; readonly minor: number } | null;
}

export interface DirectoryEntry {
  /** Raw bytes, as stored. */
  readonly name: Uint8Array;
  readonly inode: number;
  /** Where the directory tells, else null (ask `stat`). */
  readonly type: FileType | null;
}

/**
 * A read-only file system, by inode number. All methods throw GuestkitErrors with a place; what cannot be read
 * is refused by name, never answered with zeros or less. `.` and `..` are not listed. What is in memory is given, and
 * refused, at once.
 */
export interface FileSystem extends AsyncDisposable {
  /** As the kernel and libguestfs name it: ext4, vfat, xfs. */
  readonly type: string;
  readonly uuid: string | null;
  readonly label: string | null;
  /** Bytes. */
  readonly size: number;
  /** Bytes free for files; null where unknown. */
  readonly free: number | null;
  /** What a user should know: a journal that was replayed, a backup that was used. More may come while reading. */
  readonly warnings: readonly string[];
  /** Inode of the root directory. */
  readonly root: number;
  /** Which of the `others` that it was opened with are a part of it; none where left out. */
  readonly others?: readonly ByteSource[];
  /** The trees of their own in it (btrfs's subvolumes), this one among them; left out where the kind knows none. */
  readonly subvolumes?: readonly Subvolume[];
  /** The tree that a directory's entry leads to, which is crossed as a mount is; null for an entry of this one. */
  nested?(inode: number): FileSystem | null;
  stat(inode: number): Eventual<FileStat>;
  /** Batches (a block's worth) in on-disk order, so that a large directory takes no memory. */
  entries(directory: number): AsyncIterable<readonly DirectoryEntry[]>;
  /** The inode of one name, or null. Uses the directory's index where there is one. */
  lookup(directory: number, name: Uint8Array): Promise<number | null>;
  readLink(inode: number): Eventual<Uint8Array>;
  /** The content of a regular file; `extent` tells its holes. It holds nothing that would have to be closed. */
  open(inode: number): Eventual<ByteSource>;
  /** Raw extended attributes by full name (`security.capability`, `user.x`), sorted by name. */
  xattrs(inode: number): Eventual<ReadonlyMap<string, Uint8Array>>;
}

/** A tree with inode numbers of its own within a file system. */
export interface Subvolume {
  readonly id: number;
  /** From the top, without a slash before it: `root`, `home/.snapshots/1/snapshot`. Lossy. */
  readonly path: string;
  /** Mounted where nothing else is asked for. */
  readonly isDefault: boolean;
  /** Whether it is a snapshot of another one. */
  readonly isSnapshot: boolean;
  readonly fs: FileSystem;
}

/** What a file system asks of its surroundings. */
export interface FileSystemContext extends Codec {
  /** The machine's other devices that bear the same mark: some file systems lie on several (see `spans`). */
  readonly others: readonly ByteSource[];
}

/** Tells and opens one kind of file system. `probe` never throws for content; `open` does. */
export interface FileSystemKind {
  readonly name: string;
  /** Whether one may lie on several devices: these are looked for, and handed over as `others`. */
  readonly spans?: boolean;
  probe(source: ByteSource): Promise<boolean>;
  open(source: ByteSource, context: FileSystemContext): Promise<FileSystem>;
}

/** What a volume holds, told by its magic alone: content with no reader (yet), or that is no file system. */
export interface Recognised {
  /** As libblkid and libguestfs name it: swap, xfs, crypto_LUKS, LVM2_member, ... */
  readonly type: string;
  readonly uuid: string | null;
  readonly label: string | null;
  /** Bytes, where the header says so at a known place. */
  readonly size: number | null;
}
