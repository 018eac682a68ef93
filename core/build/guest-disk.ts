import type { FileSystem } from "../filesystem/filesystem.ts";
import { openFileSystem } from "../filesystem/index.ts";
import { type Recognised, recognise } from "../filesystem/recognise.ts";
import { type Mount, Tree } from "../filesystem/tree.ts";
import { type Image, openImage } from "../format/index.ts";
import { type FstabEntry, readFstab } from "../guest/fstab.ts";
import { GuestkitError } from "../kit/errors.ts";
import { cachedSource } from "../source/cached.ts";
import { openFileSource } from "../source/file.ts";
import { nodeHost } from "../source/node.ts";
import type { ByteSource } from "../source/source.ts";
import { openVolumes, type VolumeTable } from "../volume/index.ts";
import type { DiskWindow, ImageFile } from "./qemu.ts";

/** A partition, or the whole disk (number 0) where there is no table. */
export interface DiskVolume {
  readonly number: number;
  readonly window: DiskWindow;
  readonly type: string | null;
  readonly name: string | null;
  /** PARTUUID. */
  readonly uuid: string | null;
  /** What it holds, by its magic. */
  readonly content: Recognised | null;
  /** Its file system where a reader knows it. */
  readonly fs: FileSystem | null;
  /** Why there is no file system though there is one. */
  readonly failure: GuestkitError | null;
}

/** The disk of an image, looked at without touching it. */
export interface GuestDisk extends AsyncDisposable {
  readonly image: Image;
  readonly table: VolumeTable | null;
  readonly volumes: readonly DiskVolume[];
}

/** The guest's files, mounted as its own fstab says. */
export interface GuestTree {
  readonly tree: Tree;
  /** The volume of a file system in the tree. */
  volumeOf(fs: FileSystem): DiskVolume;
}

/** Opens an image with its partitions and file systems. */
export async function openGuestDisk(file: ImageFile): Promise<GuestDisk> {
  const image = await openImage(await openFileSource(file.path), nodeHost, { format: file.format });
  try {
    const disk = cachedSource(image);
    const table = image.size === 0 ? null : await openVolumes(disk);
    const volumes = table ? await Promise.all(table.volumes.map(describe)) : [await bare(disk)];
    return { image, table, volumes, [Symbol.asyncDispose]: () => close(image, volumes) };
  } catch (error) {
    await image[Symbol.asyncDispose]();
    throw error;
  }
}

async function describe(volume: VolumeTable["volumes"][number]): Promise<DiskVolume> {
  const { number, start, size, type, name, uuid } = volume;
  return { number, window: { start, size }, type, name, uuid, ...(await contentOf(volume.source)) };
}

async function bare(disk: ByteSource): Promise<DiskVolume> {
  const window = { start: 0, size: disk.size };
  return { number: 0, window, type: null, name: null, uuid: null, ...(await contentOf(disk)) };
}

async function contentOf(source: ByteSource): Promise<Pick<DiskVolume, "content" | "fs" | "failure">> {
  const found = source.size === 0 ? null : await recognise(source);
  try {
    const fs = source.size === 0 ? null : await openFileSystem(source);
    const content = fs ? { type: fs.type, uuid: fs.uuid, label: fs.label, size: fs.size } : found;
    return { content, fs, failure: null };
  } catch (error) {
    if (!(error instanceof GuestkitError)) throw error;
    return { content: found, fs: null, failure: error };
  }
}

async function close(image: Image, volumes: readonly DiskVolume[]): Promise<void> {
  for (const { fs } of volumes) await fs?.[Symbol.asyncDispose]();
  await image[Symbol.asyncDispose]();
}

/** The tree of the guest on a disk; null where no file system is its root. Throws the root's own failure. */
export async function openGuestTree(disk: GuestDisk): Promise<GuestTree | null> {
  const root = await findRoot(disk);
  if (!root?.fs) {
    const failed = disk.volumes.find((each) => each.failure);
    if (failed?.failure) throw failed.failure;
    return null;
  }
  const entries = await readFstab(await Tree.assemble([{ target: "/", fs: root.fs }]));
  const mounts: Mount[] = [{ target: "/", fs: root.fs }, ...entries.flatMap((entry) => mountOf(entry, disk, root))];
  const tree = await Tree.assemble(mounts);
  return { tree, volumeOf: (fs) => disk.volumes.find((each) => each.fs === fs) ?? root };
}

/** The volume that looks like a system's root, else the only file system there is (FAT counts last). */
async function findRoot(disk: GuestDisk): Promise<DiskVolume | null> {
  const readable = disk.volumes.filter((each) => each.fs !== null);
  for (const volume of readable) if (await isRoot(volume.fs as FileSystem)) return volume;
  const linux = readable.filter((each) => each.fs?.type !== "vfat");
  const candidates = linux.length > 0 ? linux : readable;
  return candidates.length === 1 ? (candidates[0] ?? null) : null;
}

async function isRoot(fs: FileSystem): Promise<boolean> {
  const tree = await Tree.assemble([{ target: "/", fs }]);
  if ((await tree.stat("/etc"))?.type !== "directory") return false;
  return (await tree.resolve("/usr")) !== null || (await tree.resolve("/bin", { follow: false })) !== null;
}

function mountOf(entry: FstabEntry, disk: GuestDisk, root: DiskVolume): Mount[] {
  if (!entry.target.startsWith("/") || entry.target === "/") return [];
  const volume = disk.volumes.find((each) => each !== root && matches(entry.spec, each));
  return volume?.fs ? [{ target: entry.target, fs: volume.fs }] : [];
}

function matches(spec: string, volume: DiskVolume): boolean {
  const [, key, value] = /^([A-Z]+)=(.*)$/.exec(spec) ?? [];
  const same = (found: string | null | undefined) => found?.toLowerCase() === value?.toLowerCase();
  switch (key) {
    case "UUID":
      return same(volume.content?.uuid);
    case "LABEL":
      return volume.content?.label === value;
    case "PARTUUID":
      return same(volume.uuid);
    case "PARTLABEL":
      return volume.name === value;
    default:
      return new RegExp(`^/dev/(?:[a-z]+|nvme\\d+n\\d+p|mmcblk\\d+p)${volume.number}$`).test(spec);
  }
}
