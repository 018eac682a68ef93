import { open } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../../host/program/process.ts";
import { writeAll, writeFile } from "../../host/write-file.ts";
import type { Context } from "../../kit/context.ts";
import { atPlace, GuestkitError } from "../../kit/errors.ts";
import { openFileSource } from "../../source/file.ts";
import { windowSource } from "../../source/window.ts";
import {
  alignUp,
  MIB,
  type PlacedPartition,
  placePartitions,
  requiredSize,
  tableBytes,
  type WantedPartition,
} from "../table.ts";
import { proveVfat } from "../vfat-proof.ts";
import type { DiskIds } from "./configure.ts";
import type { Namespace } from "./namespace.ts";

/** What a disk is made of. */
export interface DiskContent {
  readonly tree: string;
  /** Bytes and inodes that the tree takes. */
  readonly treeSize: { readonly bytes: number; readonly inodes: number };
  /** The EFI program to start; none makes a disk without an EFI system partition. */
  readonly uki: Uint8Array | null;
  readonly ids: DiskIds;
}

/** Where things are written and worked on. */
export interface DiskPlace {
  /** The raw disk image to make. */
  readonly path: string;
  /** Bytes; null: what the content needs, with room to work in. */
  readonly size: number | null;
  readonly workspace: string;
}

const ESP_MIN = 128 * MIB;
/** BYTES_PER_INODE: mke2fs's own default for file systems of this size. */
const BYTES_PER_INODE = 16_384;
/**
 * Features spelled out, not left to the host's mke2fs.conf: the guest may be older than the host, and a Debian 11
 * kernel reads these.
 */
const FEATURES =
  "none,has_journal,ext_attr,resize_inode,dir_index,filetype,extent,64bit,flex_bg,sparse_super,large_file,huge_file,dir_nlink,extra_isize,metadata_csum";

/** Writes partition table, root file system and EFI system partition into a raw image. Gives the disk's size. */
export async function writeDisk(
  content: DiskContent,
  place: DiskPlace,
  namespace: Namespace,
  context: Context,
): Promise<number> {
  const wanted = wantedPartitions(content);
  const diskSize = place.size ?? requiredSize("gpt", wanted);
  refuseSmall(content, diskSize, wanted);
  // The root comes last and takes what is left, so that it can grow.
  const partitions = placePartitions(
    "gpt",
    diskSize,
    wanted.map(({ name, type, size }) => (type === "root" ? { name, type } : { name, type, size })),
  );
  await makeSparse(place.path, diskSize);
  context.progress({ phase: "making the file system" });
  for (const each of partitions) {
    if (each.type === "root") await makeRoot(place.path, each, content, namespace, context.signal);
    else await makeEsp(place, each, content, context.signal);
  }
  await writeTable(place.path, diskSize, partitions);
  return diskSize;
}

function wantedPartitions({ treeSize, uki }: DiskContent): readonly WantedPartition[] {
  const root: WantedPartition = {
    name: "root",
    type: "root",
    size: alignUp(treeSize.bytes * 1.25 + 512 * MIB, 64 * MIB),
  };
  // Room for a second kernel beside the first.
  return uki
    ? [{ name: "esp", type: "esp", size: Math.max(ESP_MIN, alignUp(uki.length * 2.5, 64 * MIB)) }, root]
    : [root];
}

function refuseSmall({ treeSize }: DiskContent, diskSize: number, wanted: readonly WantedPartition[]): void {
  const least = alignUp(treeSize.bytes * 1.1 + 64 * MIB, MIB);
  const needed = requiredSize(
    "gpt",
    wanted.map((each) => (each.type === "root" ? { ...each, size: least } : each)),
  );
  if (diskSize >= needed) return;
  throw new GuestkitError(
    "E_BOOTSTRAP_SIZE",
    `Cannot bootstrap onto ${diskSize} bytes: what is installed needs ${needed}`,
    {
      help: `Set size to "${Math.ceil(needed / MIB)}M" or more, or leave it out.`,
      at: { field: ["size"] },
    },
  );
}

async function makeSparse(path: string, size: number): Promise<void> {
  const handle = await open(path, "w+", 0o600);
  try {
    await atPlace(path, () => handle.truncate(size));
  } finally {
    await handle.close();
  }
}

/** mke2fs exits 0 on some failures: e2fsck reads back what it wrote. */
async function makeRoot(
  disk: string,
  partition: PlacedPartition,
  content: DiskContent,
  namespace: Namespace,
  signal: AbortSignal,
): Promise<void> {
  const inodes = Math.max(Math.ceil(partition.size / BYTES_PER_INODE), content.treeSize.inodes * 2);
  const args = ["-q", "-F", "-t", "ext4", "-O", FEATURES, "-b", "4096", "-I", "256", "-N", String(inodes)];
  const place = ["-L", "root", "-U", content.ids.root, "-E", `offset=${partition.start}`];
  await namespace.run("mke2fs", [...args, ...place, "-d", content.tree, disk, `${partition.size / 1024}k`], {
    signal,
    doing: "make the root file system",
  });
  await run("e2fsck", ["-fn", `${disk}?offset=${partition.start}`], { signal, doing: "check the root file system" });
}

async function makeEsp(
  place: DiskPlace,
  partition: PlacedPartition,
  content: DiskContent,
  signal: AbortSignal,
): Promise<void> {
  const options = { signal, doing: "make the EFI system partition", env: { MTOOLS_SKIP_CHECK: "1" } };
  const serial = content.ids.esp.replace("-", "");
  const sector = String(partition.start / 512);
  const image = `${place.path}@@${partition.start}`;
  // One sector a cluster: a small FAT32 needs that many for readers that go by their number, as mtools does.
  const program = join(place.workspace, "uki.efi");
  await writeFile(program, content.uki ?? new Uint8Array());
  await run(
    "mkfs.vfat",
    [
      "-F",
      "32",
      "-s",
      "1",
      "-n",
      "ESP",
      "-i",
      serial,
      "-h",
      sector,
      "--offset",
      sector,
      place.path,
      String(partition.size / 1024),
    ],
    options,
  );
  await run("mmd", ["-i", image, "::/EFI", "::/EFI/BOOT"], options);
  await run("mcopy", ["-i", image, program, "::/EFI/BOOT/BOOTX64.EFI"], options);
  await using source = await openFileSource(place.path);
  await proveVfat(windowSource(source, partition.start, partition.size), [program], signal);
}

async function writeTable(path: string, diskSize: number, partitions: readonly PlacedPartition[]): Promise<void> {
  const handle = await open(path, "r+");
  try {
    for (const { offset, bytes } of tableBytes({ scheme: "gpt", diskSize, partitions })) {
      await writeAll(handle, path, bytes, offset);
    }
  } finally {
    await handle.close();
  }
}
