import { allocated, ownerOf } from "../disk/host.ts";
import { FIRST_DISK } from "../disk/names.ts";
import type { DeviceKind, DeviceNode } from "../disk/node.ts";
import type { Image } from "../format/format.ts";
import { toldOwner } from "../kit/owner.ts";
import type { Disk, OpenOptions } from "./disk.ts";
import { reading } from "./reading.ts";

/** What an image is, before anything in its file systems; the shape of the `image_info` query. */
export interface ImageInfo {
  readonly format: string;
  /** Bytes that the guest sees. */
  readonly virtual_size: number;
  /** Bytes that the image's own files take on the host, parents aside. */
  readonly actual_size: number;
  /** Its own first, then data file and parents. */
  readonly files: readonly string[];
  /** Parents, nearest first. */
  readonly backing_chain: readonly string[];
  readonly snapshots: readonly SnapshotInfo[];
  readonly partition_table: "gpt" | "mbr" | null;
  readonly partitions: readonly PartitionInfo[];
  /** The machine's disks in its order. */
  readonly disks: readonly DiskInfo[];
  /** Every device in them, each after those that it is made of. */
  readonly devices: readonly DeviceInfo[];
  /** What the whole disk holds where it has no table. */
  readonly filesystem: string | null;
  readonly details: Readonly<Record<string, string>>;
  readonly warnings: readonly string[];
  /** `FACE:PROJECT`; null where nobody in particular owns it. */
  readonly owner: string | null;
  /** The project file of an owner without a name of its own. */
  readonly owner_file: string | null;
}

export interface SnapshotInfo {
  readonly id: string;
  readonly name: string;
  /** ISO 8601. */
  readonly created_at: string;
  readonly virtual_size: number;
  readonly vm_state_size: number;
}

export interface PartitionInfo {
  readonly number: number;
  readonly device: string;
  readonly name: string | null;
  readonly type: string;
  readonly uuid: string | null;
  readonly start: number;
  readonly size: number;
  readonly bootable: boolean;
  readonly filesystem: string | null;
  readonly label: string | null;
  readonly filesystem_uuid: string | null;
}

export interface DiskInfo {
  readonly device: string;
  readonly path: string;
  readonly format: string;
  readonly virtual_size: number;
  readonly partition_table: "gpt" | "mbr" | null;
}

export interface DeviceInfo {
  readonly kind: DeviceKind;
  readonly device: string;
  readonly aliases: readonly string[];
  /** Bytes. */
  readonly size: number;
  readonly stands_on: readonly string[];
  readonly filesystem: string | null;
  readonly label: string | null;
  readonly filesystem_uuid: string | null;
  readonly uuid: string | null;
  readonly partition_name: string | null;
  readonly is_snapshot: boolean;
  readonly details: Readonly<Record<string, string>>;
  readonly error: string | null;
}

/** Reads headers and partition table of the image at `path`. Throws what opening throws. */
export async function info(path: string, options: OpenOptions = {}): Promise<ImageInfo> {
  const found = await reading(path, options, infoOfDisk);
  return { ...found, ...toldOwner(await ownerOf(path)) };
}

/** The same of a disk that was opened by its path. */
export async function infoOfDisk(disk: Disk): Promise<Omit<ImageInfo, "owner" | "owner_file">> {
  const { image, table, filesystems, nodes } = disk;
  const chain = parents(image);
  return {
    format: image.format,
    virtual_size: image.size,
    actual_size: await allocated(ownFiles(image)),
    files: image.files,
    backing_chain: chain.map(({ name }) => name),
    snapshots: image.snapshots.map((each) => ({
      id: each.id,
      name: each.name,
      created_at: new Date(each.createdAt).toISOString(),
      virtual_size: each.virtualSize,
      vm_state_size: each.vmStateSize,
    })),
    partition_table: table?.scheme ?? null,
    partitions: filesystems.flatMap(describePartition),
    disks: disk.disks.map((each) => ({
      device: each.device,
      path: each.image.name,
      format: each.image.format,
      virtual_size: each.image.size,
      partition_table: each.table?.scheme ?? null,
    })),
    devices: nodes.map(describeDevice),
    filesystem: nodes[0]?.type ?? null,
    details: strings(image.details),
    warnings: disk.warnings,
  };
}

function parents(image: Image): readonly Image[] {
  const parent = image.backing?.image;
  return parent ? [parent, ...parents(parent)] : [];
}

/** Without those of its parents. */
function ownFiles(image: Image): readonly string[] {
  const above = new Set(image.backing?.image.files);
  return image.files.filter((file) => !above.has(file));
}

function describePartition(each: DeviceNode): readonly PartitionInfo[] {
  const { device, partition, type, label, uuid, on } = each;
  if (!partition || on[0] !== FIRST_DISK) return [];
  const { number, name, start, size, bootable } = partition;
  const own = { number, device, name: name || null, type: partition.type, uuid: partition.uuid, start, size, bootable };
  return [{ ...own, filesystem: type, label, filesystem_uuid: uuid }];
}

function describeDevice(each: DeviceNode): DeviceInfo {
  const { kind, device, aliases, capacity, on, type, label, uuid, deviceUuid, partition, subvolume } = each;
  const error = each.error ?? each.locked;
  return {
    kind,
    device,
    aliases,
    size: capacity,
    stands_on: on,
    filesystem: type,
    label,
    filesystem_uuid: uuid,
    uuid: partition?.uuid ?? deviceUuid,
    partition_name: partition?.name || null,
    is_snapshot: subvolume?.isSnapshot ?? false,
    details: strings(each.details),
    error: error && `${error.code}: ${error.message}`,
  };
}

function strings(details: Image["details"]): Readonly<Record<string, string>> {
  const known = Object.entries(details).filter(([, value]) => value !== null);
  return Object.fromEntries(known.map(([key, value]) => [key, String(value)]));
}
