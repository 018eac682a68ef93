import type { Context } from "../kit/context.ts";
import { type Edit, type EditableDisk, type EditOptions, editImage } from "./edit.ts";
import { checkExt } from "./ext.ts";
import { type GrownTable, gptSectorOf, growGpt } from "./gpt.ts";
import { fileSystemOf } from "./magic.ts";
import { growMbr, isMbr } from "./mbr.ts";
import { MIB } from "./partition.ts";
import { run } from "./process.ts";
import type { ImageFile } from "./qemu.ts";

/**
 * Grows an image, its last partition and an ext2/3/4 file system in that (or on the bare disk), all or nothing. Gives
 * notes on what stayed as it was.
 */
export function growImage(
  target: string,
  image: ImageFile,
  options: EditOptions,
  context: Context,
): Promise<readonly string[]> {
  return editImage(target, image, options, context, [growth(target, options, context)]);
}

/** The same as one edit of several; the first of them. */
export function growth(target: string, { oldSize }: EditOptions, context: Context): Edit {
  return {
    make: (disk) => {
      context.progress({ phase: "growing", detail: target });
      return growContent(disk, oldSize, context);
    },
  };
}

async function growContent(disk: EditableDisk, oldSize: number, context: Context): Promise<readonly string[]> {
  if (oldSize === 0) return [];
  const head = await disk.read({ start: 0, size: Math.min(MIB, oldSize) });
  const kind = fileSystemOf(head);
  if (kind && kind !== "vfat")
    return growVolume(disk, { start: 0, oldSize, size: disk.size }, kind, "the disk", context);
  const table = await growTable(disk, head, oldSize);
  if (!table) return kind ? [stays(kind, "the disk")] : [];
  await disk.write(table.ranges);
  if (!table.grown) return ["The last partition does not reach the end of the disk: partitions stay as they are."];
  const { start, oldSize: size, number } = table.grown;
  const volume = await disk.read({ start, size: Math.min(MIB, size) });
  return growVolume(disk, table.grown, fileSystemOf(volume), `partition ${number}`, context);
}

async function growTable(disk: EditableDisk, head: Uint8Array, oldSize: number): Promise<GrownTable | null> {
  const sector = gptSectorOf(head);
  if (sector !== null) return growGpt(head, sector, oldSize, disk.size);
  if (!isMbr(head)) return null;
  return growMbr((start) => disk.read({ start, size: 512 }), oldSize, disk.size);
}

interface Volume {
  readonly start: number;
  readonly oldSize: number;
  readonly size: number;
}

async function growVolume(
  disk: EditableDisk,
  volume: Volume,
  kind: string | null,
  where: string,
  context: Context,
): Promise<readonly string[]> {
  if (kind === null) return [];
  if (kind !== "ext") return [stays(kind, where)];
  await disk.editWindow({ start: volume.start, size: volume.oldSize }, volume.size, async (file) => {
    await checkExt(file, "grow it", context);
    await run("resize2fs", [file], { signal: context.signal, doing: `grow the file system of ${where}` });
    await checkExt(file, "grow it", context);
  });
  return [];
}

function stays(kind: string, where: string): string {
  return `The ${kind} file system of ${where} stays as large as it is: grow it inside the guest.`;
}
