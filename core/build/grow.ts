import { openImage } from "../format/index.ts";
import { imageHost } from "../host/image-host.ts";
import { run } from "../host/program/process.ts";
import type { Context } from "../kit/context.ts";
import { GuestkitError } from "../kit/errors.ts";
import type { ImageFile } from "../qemu/block/node.ts";
import { openFileSource } from "../source/file.ts";
import { openVolumes } from "../volume/index.ts";
import { type Edit, type EditableDisk, type EditOptions, editImage } from "./edit.ts";
import { checkExt, demandReach, proveExt } from "./ext.ts";
import { type GrowingContent, type GrowthPlan, planGrowth } from "./growth-plan.ts";
import { openGuestDisk } from "./guest-disk.ts";
import { demandResizable } from "./resizable.ts";

/**
 * Grows an image, its last partition and an ext2/3/4 file system in that (or on the bare disk), all or nothing. Gives
 * notes on what stayed as it was. Throws what `planGrowth` throws, `E_QCOW2_RESIZE`, `E_FILESYSTEM_DAMAGED`, `E_TABLE_UNPROVEN`.
 */
export function growImage(
  target: string,
  image: ImageFile,
  options: EditOptions,
  context: Context,
): Promise<readonly string[]> {
  return editImage(target, image, options, context, [growth(target, image, options, context)]);
}

/** The same as one edit of several; the first of them. */
export function growth(target: string, image: ImageFile, { oldSize, size }: EditOptions, context: Context): Edit {
  let plan: GrowthPlan | null = null;
  return {
    make: async (disk) => {
      if (oldSize === 0) return [];
      context.progress({ phase: "growing", detail: target });
      plan = await planned(image, size, context);
      if (plan.table) await disk.write(plan.table.ranges);
      if (plan.content) await growExt(disk, plan.content, context);
      return plan.notes.map(({ message, help }) => `${capital(message)}. ${help}`);
    },
    verify: async (preview) => {
      if (plan?.table) await verifyTable(preview, plan);
    },
  };
}

async function planned(image: ImageFile, size: number, { signal }: Context): Promise<GrowthPlan> {
  await using disk = await openGuestDisk(image);
  await demandResizable(image, disk.image, signal);
  return await planGrowth(disk, size);
}

async function growExt(disk: EditableDisk, { start, oldSize, size, where }: GrowingContent, context: Context) {
  await disk.editWindow({ start, size: oldSize }, size, async (file) => {
    await checkExt(file, "grow it", context);
    await run("resize2fs", [file], { signal: context.signal, doing: `grow the file system of ${where}` });
    await proveExt(file, "grow it", context);
    await demandReach(file, size, "grow it");
  });
}

/** Both copies are read back, and every partition stands where it stood. */
async function verifyTable({ path, format }: ImageFile, { before, table }: GrowthPlan): Promise<void> {
  await using disk = await openImage(await openFileSource(path), imageHost(), { format });
  const found = await openVolumes(disk);
  const wanted = before.map(({ number, start, size }) => ({
    ...{ number, start },
    size: table?.grown?.number === number ? table.grown.size : size,
  }));
  const faults = found ? await found.faults() : ["there is none"];
  const [now, then] = [found?.extents ?? [], wanted].map((each) => JSON.stringify(each));
  if (faults.length === 0 && now === then) return;
  throw unproven(path, faults.length > 0 ? faults.join("; ") : `its partitions are ${now} and not ${then}`);
}

function unproven(path: string, why: string): GuestkitError {
  return new GuestkitError("E_TABLE_UNPROVEN", `Cannot grow the partition table: after it was written, ${why}`, {
    at: { file: path },
    help: "Is the disk full? See: df -h. The image is as it was.",
  });
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
