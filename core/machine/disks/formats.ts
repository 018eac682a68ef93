import { stat } from "node:fs/promises";
import { join } from "node:path";
import { fileId } from "../../host/image-record.ts";
import { partialBeside } from "../../host/partial.ts";
import { readKeptText } from "../../host/plain-file.ts";
import { writeFile } from "../../host/write-file.ts";
import type { DiskFormat } from "../../qemu/block/node.ts";
import type { MachineFolder } from "../folder.ts";

/** Formats of images that a machine uses, by `fileId`. */
type Formats = Readonly<Record<string, DiskFormat>>;

const fileOf = (folder: MachineFolder) => join(folder.path, "formats.json");

/**
 * What a machine remembers of an image: its format when the machine first used it. A guest that writes a qcow2 header to its
 * raw disk must not get at the host's files through it at the next start, also where no record could be left beside the
 * image. Null where the file is new, or no regular one.
 */
export async function keptFormat(folder: MachineFolder, path: string): Promise<DiskFormat | null> {
  const key = await keyOf(path);
  return key === null ? null : ((await readFormats(folder))[key] ?? null);
}

/** Keeps what images were used as; of those that are used no more nothing is kept. */
export async function keepFormats(
  folder: MachineFolder,
  used: readonly { readonly path: string; readonly format: DiskFormat }[],
): Promise<void> {
  const known = await readFormats(folder);
  const next: Record<string, DiskFormat> = {};
  for (const { path, format } of used) {
    const key = await keyOf(path);
    if (key !== null) next[key] = format;
  }
  if (JSON.stringify(next) === JSON.stringify(known)) return;
  await using partial = partialBeside(fileOf(folder), "formats");
  await writeFile(partial.path, JSON.stringify(next), { mode: 0o600 });
  await partial.publish();
}

async function keyOf(path: string): Promise<string | null> {
  const found = await stat(path, { bigint: true }).catch(() => null);
  return found?.isFile() ? fileId(found) : null;
}

async function readFormats(folder: MachineFolder): Promise<Formats> {
  try {
    return JSON.parse((await readKeptText(fileOf(folder))) ?? "{}") as Formats;
  } catch {
    return {};
  }
}
