import type { FileSystem } from "../filesystem/filesystem.ts";
import type { Tree } from "../filesystem/tree.ts";
import type { DeviceNode, Disk, OpenOptions } from "../inspect/index.ts";
import { GuestkitError } from "../kit/errors.ts";
import type { DiskWindow, ImageFile } from "../qemu/block/node.ts";

/** The guest's files, and where on the disk each of them lies. */
export interface GuestTree {
  readonly tree: Tree;
  /** The part of the disk that a file system of the tree takes. */
  windowOf(fs: FileSystem): DiskWindow;
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
  return tree && { tree, windowOf: (fs) => windowOf(fs, disk) };
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

/** Throws `E_FILES_DEVICE` for what lies anywhere else than in one piece of the image. */
function windowOf(fs: FileSystem, disk: Disk): DiskWindow {
  const node = disk.nodes.find((each) => each.fs === fs);
  const [first] = disk.disks;
  if (node?.partition && node.on[0] === first?.device)
    return { start: node.partition.start, size: node.partition.size };
  if (node && node.device === first?.device) return { start: 0, size: disk.image.size };
  const what = node
    ? "it is no partition of the image"
    : "the system's root is a deployment of OSTree's, a folder in it";
  throw new GuestkitError(
    "E_FILES_DEVICE",
    `Cannot write to ${node?.device ?? fs.type} of "${disk.image.name}": ${what}`,
    {
      help: INSIDE,
    },
  );
}
