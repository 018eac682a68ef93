import type { FileSystem } from "../filesystem/filesystem.ts";
import type { Image } from "../format/format.ts";
import type { Budget } from "../kit/budget.ts";
import type { GuestkitError } from "../kit/errors.ts";
import type { Volume, VolumeTable } from "../volume/index.ts";

/** A partition's content, or a bare disk's. */
export interface DiskFileSystem {
  /** As libguestfs names it: `/dev/sda1`; `/dev/sda` without a table. */
  readonly device: string;
  /** Null where nothing is recognised. */
  readonly type: string | null;
  readonly label: string | null;
  readonly uuid: string | null;
  /** Bytes. */
  readonly size: number;
  readonly free: number | null;
  readonly partition: Volume | null;
  /** The reader; null where there is none, or where `error` says why it refused. */
  readonly fs: FileSystem | null;
  readonly error: GuestkitError | null;
}

/** An image opened down to its file systems. Close it with `await using`. */
export interface PlainDisk extends AsyncDisposable {
  readonly image: Image;
  readonly table: VolumeTable | null;
  readonly filesystems: readonly DiskFileSystem[];
  /** What was odd in image, table and file systems. */
  readonly warnings: readonly string[];
  /** Of these, what concerns the host: who writes to the image meanwhile, files of the host that it names. */
  readonly hostWarnings: readonly string[];
  /** The disk's first sector, where BIOS boot code is. */
  readonly bootCode: Uint8Array;
  /** Counts what is asked of the disk; who reads more than the user named does so in a part of it. */
  readonly budget: Budget;
}
