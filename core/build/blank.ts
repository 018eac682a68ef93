import { open } from "node:fs/promises";
import { partialBeside } from "../host/partial.ts";
import { writeAll } from "../host/write-file.ts";
import type { Context } from "../kit/context.ts";
import { qemuImg, writeWindow } from "../qemu/block/img.ts";
import { type ImageFile, imageNode, nodeName } from "../qemu/block/node.ts";
import type { Content } from "./content.ts";
import { blankFile, type FileSystemType } from "./filesystem.ts";
import { makeFileSystem } from "./populate.ts";
import { type PartitionType, type PlacedPartition, placePartitions, tableBytes } from "./table.ts";

export interface LayoutPartition {
  readonly name: string;
  readonly type: PartitionType;
  /** Bytes; the last one may leave it to the rest of the disk. */
  readonly size: number | null;
  readonly filesystem: FileSystemType | null;
  readonly label: string | null;
  readonly uuid: string | null;
  readonly content: Content | null;
}

export interface Layout {
  readonly scheme: "gpt" | "mbr";
  readonly partitions: readonly LayoutPartition[];
}

/** Makes an image that reads as zeros. */
export async function createBlank(image: ImageFile, size: number, context: Context): Promise<void> {
  context.progress({ phase: "creating", detail: image.path });
  await qemuImg(["create", "-q", "-f", image.format, image.path, String(size)], {
    signal: context.signal,
    doing: `create "${image.path}"`,
  });
}

/** Makes an image with a partition table and file systems. `target` tells where temporary files lie. */
export async function createPartitioned(
  target: string,
  image: ImageFile,
  size: number,
  layout: Layout,
  context: Context,
): Promise<void> {
  const placed = placePartitions(
    layout.scheme,
    size,
    layout.partitions.map((each) => ({ ...each, size: each.size ?? undefined })),
  );
  await createTable(target, image, size, layout.scheme, placed, context);
  for (const [index, partition] of layout.partitions.entries()) {
    const { start, size: length } = placed[index] as PlacedPartition;
    if (partition.filesystem === null) continue;
    await using volume = partialBeside(target, "volume");
    await blankFile(volume.path, length);
    const fs = { type: partition.filesystem, label: partition.label, uuid: partition.uuid };
    await makeFileSystem(volume.path, fs, partition.content ?? { directory: null, tar: null }, target, context);
    await writeWindow(volume.path, image, { start, size: length }, context, { blank: true });
  }
}

/** The table in a sparse file, converted: nothing else of the disk is written. */
async function createTable(
  target: string,
  image: ImageFile,
  size: number,
  scheme: Layout["scheme"],
  partitions: readonly PlacedPartition[],
  context: Context,
): Promise<void> {
  await using disk = partialBeside(target, "table");
  await blankFile(disk.path, size);
  const handle = await open(disk.path, "r+");
  try {
    for (const { offset, bytes } of tableBytes({ scheme, diskSize: size, partitions })) {
      await writeAll(handle, disk.path, bytes, offset);
    }
  } finally {
    await handle.close();
  }
  const source = nodeName(imageNode({ path: disk.path, format: "raw" }));
  await qemuImg(["convert", "-O", image.format, source, image.path], { signal: context.signal });
}
