import { stat } from "node:fs/promises";
import { type Chain, chainOf } from "../../build/chain.ts";
import { formatOf } from "../../build/header.ts";
import { type Refusal, refusalOf, type Witness } from "../../format/index.ts";
import { imageRecord } from "../../host/image-record.ts";
import { GuestkitError } from "../../kit/errors.ts";
import type { BlockLayer } from "../../qemu/block/blockdev.ts";
import type { DiskFormat } from "../../qemu/block/node.ts";
import type { MachineFolder } from "../folder.ts";
import { keptFormat } from "./formats.ts";

/**
 * An image that a machine uses, with everything that it leans on, itself first. What is declared of its format decides, then
 * the image's record, then what the machine remembers. Throws `E_DISK_MISSING` and what `chainOf` throws.
 */
export async function machineChain(
  path: string,
  format: DiskFormat | null,
  folder: MachineFolder,
  field: readonly string[],
): Promise<Chain> {
  await demandThere(path, field);
  return await chainOf(path, { format, field, witness: diskWitness(path, folder) });
}

/** What is known of the format of a machine's disk beside its content. */
export function diskWitness(path: string, folder: MachineFolder): Witness {
  return async () => {
    const record = await imageRecord(path);
    if (record?.format) return record;
    const format = await keptFormat(folder, path);
    return format === null ? record : { format, doubt: null };
  };
}

/** A drive's medium, read as it is. Throws `E_DISK_MISSING`, `E_SOURCE_FORMAT` where it is evidently no disc. */
export async function mediumOf(path: string, field: readonly string[]): Promise<BlockLayer> {
  const { isDevice } = await demandThere(path, field);
  const refusal = await refusalOfMedium(path);
  if (!refusal) return { path, format: "raw", isDevice };
  const message = `Cannot insert "${path}": ${refusal.why}`;
  throw new GuestkitError("E_SOURCE_FORMAT", message, { help: refusal.help, at: { file: path, field } });
}

/** What a medium that is there evidently is instead of a disc; null where it may be one. */
export async function refusalOfMedium(path: string): Promise<Refusal | null> {
  const format = await formatOf(path);
  if (format === "raw") return null;
  if (format !== "qcow2") return refusalOf(format, path, (await stat(path)).size);
  const help = `Write it out: qemu-img convert -O raw "${path}" IMAGE.iso`;
  return { why: "it is a qcow2, and a drive's medium is read as it is", help };
}

async function demandThere(path: string, field: readonly string[]): Promise<{ readonly isDevice: boolean }> {
  const found = await stat(path).catch(() => null);
  if (found?.isFile() || found?.isBlockDevice()) return { isDevice: found.isBlockDevice() };
  throw new GuestkitError("E_DISK_MISSING", `Cannot attach "${path}": there is no such image`, {
    at: { file: path, field },
    help: "Create it first, or mend the path.",
  });
}
