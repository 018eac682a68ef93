import type { FileSystem } from "../filesystem/filesystem.ts";
import type { Tree } from "../filesystem/tree.ts";
import type { DeviceNode, Disk, OpenOptions } from "../inspect/index.ts";
import { GuestkitError } from "../kit/errors.ts";
import type { DiskWindow, ImageFile } from "../qemu/block/node.ts";

/** The guest's files, and where on the disk each of them lies. */
export interface GuestTree {
  readonly tree: Tree;
  /** How a file system that is mounted in it can be written to. Throws `E_FILES_ROOT`, `E_FILES_DEVICE`. */
  wayTo(fs: FileSystem): Way;
}

/** By tools, in the one piece of the disk that it takes; or by a kernel that mounts it. */
export type Way =
  | { readonly kind: "window"; readonly window: DiskWindow }
  | ({ readonly kind: "kernel" } & KernelMount);

/** A device as a kernel with this one disk names it, and what is to be mounted of it. */
export interface KernelMount {
  /** A number is that of a partition; of the disk itself null; else a path. */
  readonly device: number | string | null;
  /** ext4, xfs, btrfs. */
  readonly type: string;
  /** For mount(8); none where empty. */
  readonly options: string;
}

/** An image, and what it is to be read as: any format that is read. */
export interface GuestImage extends Pick<ImageFile, "path">, Pick<OpenOptions, "member"> {
  readonly format: string;
}

/** Opens an image as what it was made, whatever a guest wrote to its start. */
export async function openGuestDisk({ path, format, member }: GuestImage): Promise<Disk> {
  const { open } = await import("../inspect/index.ts");
  return open(path, { format, member });
}

/** The same for whoever does not hold the image's lock: `use` sees the old or the new. Throws `E_IMAGE_CHANGING`. */
export async function readGuestDisk<T>(
  { path, format, member }: GuestImage,
  use: (disk: Disk) => Promise<T>,
): Promise<T> {
  const { reading } = await import("../inspect/index.ts");
  return reading(path, { format, member }, use);
}

/**
 * The files of the system on a disk, mounted as its fstab says; without a system those of the only file system (FAT
 * counts where there is no other). Null where there is none; throws what a file system's reader has against it, and
 * `E_FILES_UNSURE` where the system may lie in what is encrypted or not read.
 */
export async function openGuestTree(disk: Disk): Promise<GuestTree | null> {
  const [root] = await disk.roots();
  const tree = root?.tree ?? (await onlyTree(disk));
  return tree && { tree, wayTo: (fs) => wayTo(fs, disk) };
}

async function onlyTree({ filesystems, budget, image }: Disk): Promise<Tree | null> {
  const failed = filesystems.find(({ error }) => error !== null);
  if (failed?.error) throw failed.error;
  const { unread } = await import("../inspect/index.ts");
  const hidden = filesystems.find((each) => unread(each) !== null);
  if (hidden) throw unsure(image.name, hidden);
  const readable = filesystems.flatMap(({ fs, kind }) => (fs && kind !== "subvolume" ? [fs] : []));
  const linux = readable.filter(({ type }) => type !== "vfat");
  const [only, ...others] = linux.length > 0 ? linux : readable;
  if (!only || others.length > 0) return null;
  const { Tree } = await import("../filesystem/tree.ts");
  return Tree.assemble([{ target: "/", fs: only }], budget);
}

/** The only one that is read is /boot or the like more often than not. */
function unsure(image: string, { device, locked, on, type }: DeviceNode): GuestkitError {
  const what = locked ? `${on[0] ?? device} is encrypted` : `${device} holds ${type}, which is not read`;
  const message = `Cannot tell which file system of "${image}" is the root: ${what}`;
  return new GuestkitError("E_FILES_UNSURE", message, { help: INSIDE, at: { file: image } });
}

const INSIDE = "Start a machine from it (virtual_machine) and let cloud-init or provision put the files there.";

/** What tools write to in a raw file, and what a kernel is asked for where they cannot. */
const [BY_TOOLS, BY_KERNEL] = [/^(vfat|ext[234])$/, /^(ext[234]|xfs|btrfs)$/];

function wayTo(fs: FileSystem, disk: Disk): Way {
  if (!BY_TOOLS.test(fs.type) && !BY_KERNEL.test(fs.type)) throw onlyRead(fs.type, disk);
  const node = disk.nodes.find((each) => each.fs === fs);
  const window = node ? windowOf(node, disk) : null;
  if (window && BY_TOOLS.test(fs.type)) return { kind: "window", window };
  const device = node && BY_KERNEL.test(fs.type) ? kernelDevice(node, disk) : undefined;
  if (node && device !== undefined) return { kind: "kernel", device, type: fs.type, options: optionsOf(node) };
  const why = node
    ? "it lies on an array, or is encrypted"
    : "the system's root is a deployment of OSTree's, a folder in it";
  throw new GuestkitError(
    "E_FILES_DEVICE",
    `Cannot write to ${node?.device ?? fs.type} of "${disk.image.name}": ${why}`,
    { help: INSIDE },
  );
}

/** The one piece of the image that a device is; null of any other. */
function windowOf(node: DeviceNode, disk: Disk): DiskWindow | null {
  const [first] = disk.disks;
  if (node.partition && node.on[0] === first?.device) return { start: node.partition.start, size: node.partition.size };
  return node.device === first?.device ? { start: 0, size: disk.image.size } : null;
}

/** Undefined where it takes more than the disk, its partitions and its volume groups. */
function kernelDevice(node: DeviceNode, disk: Disk): KernelMount["device"] | undefined {
  const on = disk.nodes.filter(({ device }) => node.on.includes(device));
  if (node.kind === "subvolume") return on[0] && kernelDevice(on[0], disk);
  if (windowOf(node, disk)) return node.partition?.number ?? null;
  const isOfDisk = on.length > 0 && on.every((each) => windowOf(each, disk) !== null);
  return node.kind === "logical_volume" && isOfDisk ? node.device : undefined;
}

const optionsOf = ({ subvolume }: DeviceNode): string => (subvolume ? `subvolid=${subvolume.id}` : "");

function onlyRead(type: string, disk: Disk): GuestkitError {
  return new GuestkitError(
    "E_FILES_ROOT",
    `Cannot write to ${type || "a file system"} of "${disk.image.name}": it is only read`,
    {
      at: { field: ["files"] },
      help: "files can be written to ext2/3/4, FAT, xfs and btrfs.",
    },
  );
}
