import type { FileSystem, Subvolume } from "../filesystem/filesystem.ts";
import type { GuestkitError } from "../kit/errors.ts";
import type { ByteSource } from "../source/source.ts";
import type { StackedDevice, Volume, VolumeTable } from "../volume/index.ts";

export type DeviceKind = "disk" | "partition" | StackedDevice["kind"] | "subvolume";

/** A device of a machine: a disk, and whatever is made of disks down to a file system's own trees. */
export interface DeviceNode {
  readonly kind: DeviceKind;
  /** As libguestfs and the kernel name it: `/dev/sda1`, `/dev/vg0/root`, `btrfsvol:/dev/sda3/root`. */
  readonly device: string;
  /** Its other names: `/dev/mapper/vg0-root`. */
  readonly aliases: readonly string[];
  /** Bytes of the device; of a subvolume those of its file system. */
  readonly capacity: number;
  /** The devices that it stands on. */
  readonly on: readonly string[];
  /** What it holds, as libblkid names it: ext4, swap, LVM2_member; null where nothing is recognised or there is a table. */
  readonly type: string | null;
  readonly label: string | null;
  readonly uuid: string | null;
  /** Bytes: of the file system where that says so, else of the device. */
  readonly size: number;
  /** Bytes free for files; null where that is not known. */
  readonly free: number | null;
  /** Its own, whatever it holds: a logical volume's, an array's. */
  readonly deviceUuid: string | null;
  /** Where it stands in its parent's table; null for what is no partition. */
  readonly partition: Volume | null;
  /** The partition table in it. */
  readonly table: VolumeTable | null;
  /** Facts of an array, a mapping or a logical volume: level, layout, cipher. */
  readonly details: StackedDevice["details"];
  readonly subvolume: Pick<Subvolume, "id" | "path" | "isDefault" | "isSnapshot"> | null;
  /**
   * The reader, of the tree that is mounted where nothing else is asked for; null where there is none, or where `error`
   * says why it refused.
   */
  readonly fs: FileSystem | null;
  /** The bytes on it; null where they are not to be had: a tree within a file system, a group that lacks members. */
  readonly content: ByteSource | null;
  /** What is wrong with it. */
  readonly error: GuestkitError | null;
  /** Other devices are made of it. */
  readonly isMember: boolean;
  /** That no key was given for it: nothing is wrong with it. */
  readonly locked: GuestkitError | null;
  /** The device from which the file system was opened that lies on this one as well; null for any other. */
  readonly partOf: string | null;
}

/** One whose file system is open. */
export type Readable = DeviceNode & { readonly fs: FileSystem };

export function isReadable(each: DeviceNode): each is Readable {
  return each.fs !== null;
}

/** Every device that these stand on, by way of others or not, themselves included. */
export function below(devices: readonly string[], nodes: readonly DeviceNode[]): ReadonlySet<string> {
  const byName = new Map(nodes.map((node) => [node.device, node]));
  const found = new Set(devices);
  for (const device of found) for (const each of byName.get(device)?.on ?? []) found.add(each);
  return found;
}
