import type { FileSystem } from "../../filesystem/filesystem.ts";
import type { Tree } from "../../filesystem/tree.ts";
import type { Allowance } from "../../kit/budget.ts";
import type { Codec } from "../../source/codec.ts";
import type { Unpack } from "../../source/packing.ts";
import type { User } from "../accounts.ts";
import type { Units } from "../units.ts";

/** A device of the disks, as far as a group of facts needs it. */
export interface KnownDevice {
  /** As libguestfs names it: `/dev/sda1`. */
  readonly device: string;
  /** What it holds, as libblkid names it; null where nothing is recognised. */
  readonly type: string | null;
  /** Bytes. */
  readonly size: number;
}

/** What is known of a system before its groups of facts are read. */
export interface Known {
  readonly tree: Tree;
  readonly users: readonly User[] | null;
  readonly units: Units | null;
  readonly devices: {
    /** By a name that the system's files may give it, as fstab's first field; null where there is none such. */
    find(spec: string): KnownDevice | null;
    /** Those on the disks that its root stands on. */
    readonly own: readonly KnownDevice[];
  };
  /** EFI system partitions and further boot partitions, mounted or not. */
  readonly bootPartitions: readonly FileSystem[];
  /** What unpacks and sums what lies in files. */
  readonly codec: Codec;
  readonly unpack: Unpack;
  /** Takes down what one thing of a group has against it, where the rest of the group stands without it. */
  warn(text: string): void;
}

/** How one group is read, within a share of the budget of its own. Throws what the tree throws. */
export interface FactKind<T> {
  readonly share?: Partial<Allowance>;
  read(known: Known): Promise<T>;
}
