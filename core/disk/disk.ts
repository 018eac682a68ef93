import type { Image } from "../format/format.ts";
import type { Budget } from "../kit/budget.ts";
import type { Codec } from "../source/codec.ts";
import type { VolumeTable } from "../volume/index.ts";
import { FIRST_DISK } from "./names.ts";
import type { DeviceNode } from "./node.ts";

/** An image as one disk of a machine. */
export interface MachineDisk {
  /** `/dev/sda` for the first. */
  readonly device: string;
  readonly image: Image;
  readonly table: VolumeTable | null;
}

/** The disks of one machine, opened down to their file systems. Close it with `await using`. */
export interface PlainDisk extends AsyncDisposable {
  /** In the machine's order. */
  readonly disks: readonly MachineDisk[];
  /** The first disk's. */
  readonly image: Image;
  readonly table: VolumeTable | null;
  /** Every device, each after those that it stands on. */
  readonly nodes: readonly DeviceNode[];
  /** Of these, what may hold a file system: partitions, bare disks, arrays, mappings, volumes, subvolumes. */
  readonly filesystems: readonly DeviceNode[];
  /** What was odd in images, tables, groups and file systems. */
  readonly warnings: readonly string[];
  /** Of these, what concerns the host: who writes to an image meanwhile, files of the host that it names. */
  readonly hostWarnings: readonly string[];
  /** Of these, groups of devices that members of are on no disk given. */
  readonly lacking: readonly string[];
  /** Something is encrypted: what is told depends on the keys that were there. */
  readonly isEncrypted: boolean;
  /** The first disk's first sector, where BIOS boot code is. */
  readonly bootCode: Uint8Array;
  /** What unpacks and sums what lies in files. */
  readonly codec: Codec;
  /** Counts what is asked of the disks; who reads more than the user named does so in a part of it. */
  readonly budget: Budget;
}

/** A partition of the first disk; undefined where there is none of that number. */
export function partitionOf({ filesystems }: Pick<PlainDisk, "filesystems">, number: number): DeviceNode | undefined {
  return filesystems.find(({ partition, on }) => partition?.number === number && on[0] === FIRST_DISK);
}
