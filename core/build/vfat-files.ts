import { open } from "node:fs/promises";
import { type FoundVolume, readVolume } from "../filesystem/fat/volume.ts";
import { run } from "../host/program/process.ts";
import { writeAll } from "../host/write-file.ts";
import type { Context } from "../kit/context.ts";
import { GuestkitError } from "../kit/errors.ts";
import { printable } from "../kit/name.ts";
import { openFileSource } from "../source/file.ts";
import type { ByteSource } from "../source/source.ts";
import type { PlacedFile } from "./wanted-file.ts";

/** What mtools takes for a pattern or a drive, and what FAT cannot hold. */
const UNFIT = /[\\:*?"<>|[\]]/;

/** Clusters below which mtools takes a FAT32 for a FAT16, whatever its boot sector says. */
const LEAST_FAT32 = 65525;

/**
 * Writes files into a FAT file system in a raw file. Modes and owners do not exist there. Gives notes. Throws
 * `E_FILES_FAT`.
 */
export async function writeVfatFiles(
  file: string,
  files: readonly PlacedFile[],
  context: Context,
): Promise<readonly string[]> {
  const notes = await readyForTools(file);
  const options = { signal: context.signal, env: { MTOOLS_SKIP_CHECK: "1", LC_ALL: "C.UTF-8" }, doing: "write files" };
  const made = new Set<string>();
  for (const each of files) {
    let folder = `::/${each.folder.map((name) => new TextDecoder().decode(name)).join("/")}`.replace(/\/$/, "");
    for (const name of [...each.missing, each.name]) demandFit(each.path, name);
    for (const name of each.missing) {
      folder += `/${name}`;
      if (made.has(folder)) continue;
      made.add(folder);
      await run("mmd", ["-i", file, "-D", "s", folder], { ...options, accept: [0, 1] });
    }
    await run("mcopy", ["-i", file, "-o", "-Q", each.staged, `${folder}/${each.name}`], options);
  }
  return notes;
}

/** The kernel and our reader go by the boot sector or its backup; mtools knows neither all of the one nor the other. */
async function readyForTools(file: string): Promise<readonly string[]> {
  const { volume, backup } = await volumeIn(file);
  if (!backup) return [];
  await restoreBoot(file, volume.sectorSize);
  return ["The boot sector of the FAT file system was damaged: it is written anew from its backup."];
}

async function volumeIn(file: string): Promise<FoundVolume> {
  await using source = await openFileSource(file);
  return await demandFat(source);
}

/** The volume, where mtools takes it for what it is. Throws `E_FILES_FAT`. */
export async function demandFat(source: ByteSource): Promise<FoundVolume> {
  const found = await readVolume(source);
  const { bits, clusters } = found.volume;
  if (bits === 32 && clusters < LEAST_FAT32) throw tooFew(clusters);
  return found;
}

/** The backup is the seventh sector (Microsoft's FAT specification 1.03, BPB_BkBootSec). */
async function restoreBoot(file: string, sectorSize: number): Promise<void> {
  await using handle = await open(file, "r+");
  const sector = new Uint8Array(sectorSize);
  await handle.read(sector, 0, sectorSize, 6 * sectorSize);
  await writeAll(handle, file, sector, 0);
}

function tooFew(clusters: number): GuestkitError {
  const message = `Cannot write files: the FAT32 has ${clusters} clusters, and mtools takes one with so few for a FAT16`;
  return new GuestkitError("E_FILES_FAT", message, {
    at: { field: ["files"] },
    help: `It can be read all the same. Write to it inside the guest, or make it anew: mkfs.vfat -F 16, or smaller clusters (-s 1).`,
  });
}

function demandFit(path: string, name: string): void {
  if (!UNFIT.test(name)) return;
  throw new GuestkitError("E_FILES_NAME", `Cannot write "${printable(path)}": FAT has no name "${printable(name)}"`);
}
