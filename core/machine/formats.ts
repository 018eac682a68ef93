import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { readImageHead } from "../build/header.ts";
import type { DiskFormat } from "../build/qemu.ts";
import { partialBeside } from "../host/partial.ts";
import { writeFile } from "../host/write-file.ts";
import type { MachineFolder } from "./folder.ts";

/** Formats of images that a guest writes to, by device and inode. */
type Formats = Readonly<Record<string, DiskFormat>>;

const fileOf = (folder: MachineFolder) => join(folder.path, "formats.json");

/**
 * The format of an image that the guest itself writes to: what it looked like when the machine first used it. A guest
 * that writes a qcow2 header to its raw disk must not get at the host's files through it at the next start. Null where
 * the file is new, or no regular one.
 */
export async function keptFormat(folder: MachineFolder, path: string): Promise<DiskFormat | null> {
  const key = await keyOf(path);
  return key === null ? null : ((await readFormats(folder))[key] ?? null);
}

/** Keeps what the images look like now, for those that are not kept already. */
export async function keepFormats(folder: MachineFolder, paths: readonly string[]): Promise<void> {
  const known = await readFormats(folder);
  const next: Record<string, DiskFormat> = {};
  for (const path of paths) {
    const key = await keyOf(path);
    if (key !== null) next[key] = known[key] ?? (await readImageHead(path)).format;
  }
  if (JSON.stringify(next) === JSON.stringify(known)) return;
  await using partial = partialBeside(fileOf(folder), "formats");
  await writeFile(partial.path, JSON.stringify(next), { mode: 0o600 });
  await partial.publish();
}

async function keyOf(path: string): Promise<string | null> {
  const found = await stat(path).catch(() => null);
  return found?.isFile() ? `${found.dev}:${found.ino}` : null;
}

async function readFormats(folder: MachineFolder): Promise<Formats> {
  try {
    return JSON.parse(await readFile(fileOf(folder), "utf8")) as Formats;
  } catch {
    return {};
  }
}
