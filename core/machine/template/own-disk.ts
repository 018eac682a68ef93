import { rm } from "node:fs/promises";
import { readImageHead } from "../../build/header.ts";
import { convert, type ImageFile, imageNode, qemuImg } from "../../build/qemu.ts";
import { smaller } from "../../build/source.ts";
import { makeOwnFolder } from "../../host/folder.ts";
import { partialBeside } from "../../host/partial.ts";
import type { Context } from "../../kit/context.ts";
import type { Layer } from "../arguments/facts.ts";
import { chainOf } from "../chain.ts";
import type { MachineFolder } from "../folder.ts";
import { keptFormat } from "../formats.ts";
import type { Machine, MachineDisk } from "../machine.ts";
import { isThere } from "../own-files.ts";
import { isRecreated } from "./effective.ts";
import { keptCopies } from "./leaning.ts";

/** The file that a disk of an effective machine is written to. */
export function writtenFile(key: string, disk: MachineDisk, folder: MachineFolder): string {
  if (!disk.overlay) return disk.image;
  return disk.own === undefined ? folder.overlay(key) : folder.freshDisk(key);
}

/** The file whose content the next start finds in a disk. */
export async function contentFile(key: string, disk: MachineDisk, folder: MachineFolder): Promise<string> {
  const kept = folder.overlay(key);
  return disk.overlay && disk.own !== "fresh" && (await isThere(kept)) ? kept : disk.image;
}

/**
 * A disk's file with everything that it leans on, as it is or, where it is still to be made, will be. Throws
 * `E_DISK_MISSING`, `E_BACKING_MISSING`.
 */
export async function diskChain(key: string, disk: MachineDisk, folder: MachineFolder): Promise<readonly Layer[]> {
  const field = ["disks", key, "image"];
  const own = writtenFile(key, disk, folder);
  if (!disk.overlay) return chainOf(own, await keptFormat(folder, own), field);
  if (await isThere(own)) return chainOf(own, "qcow2", field);
  const top: Layer = { path: own, format: "qcow2", isDevice: false };
  if (disk.own === "above") return [top, ...(await diskChain(key, keptOf(disk), folder))];
  return disk.whole ? [top] : [top, ...(await imageChain(key, disk, folder))];
}

/** Where the machine keeps what it writes, without what lies above it for one start. */
const keptOf = ({ own: _, ...disk }: MachineDisk): MachineDisk => disk;

/** What a disk's own file is made from; a raw image that guests write to stays raw, whatever they write. */
export async function imageChain(
  key: string,
  { image, image_format }: MachineDisk,
  folder: MachineFolder,
): Promise<readonly Layer[]> {
  return chainOf(image, image_format ?? (await keptFormat(folder, image)), ["disks", key, "image"]);
}

/**
 * Kept copies that a start of the machine throws away: all where they are made anew at every start, else those of disks
 * that it writes to without them. Whoever used one of these again would find another content below it.
 */
export async function uselessCopies(machine: Machine, folder: MachineFolder): Promise<readonly string[]> {
  if (isRecreated(machine)) return await keptCopies(folder);
  const spare = ({ overlay, own, read_only }: MachineDisk) => own === "fresh" || (!overlay && !read_only);
  return Object.entries(machine.disks).flatMap(([key, disk]) => (spare(disk) ? [folder.overlay(key)] : []));
}

/**
 * Makes the machine's own copies of disks, and grows those that are smaller than declared. Those of the last start alone
 * are thrown away first.
 */
export async function makeOwnDisks(machine: Machine, folder: MachineFolder, context: Context): Promise<void> {
  await rm(folder.fresh, { recursive: true, force: true });
  await makeOwnFolder(folder.fresh);
  for (const path of await uselessCopies(machine, folder)) await rm(path, { force: true });
  for (const [key, disk] of Object.entries(machine.disks)) {
    if (!disk.overlay) continue;
    if (disk.own !== "fresh") await makeOnce(folder.overlay(key), key, keptOf(disk), folder, context);
    if (disk.own === "fresh") await make(folder.freshDisk(key), key, disk, folder, context);
    if (disk.own === "above") await makeAbove(folder.freshDisk(key), folder.overlay(key), key, context);
  }
}

/** Grows those kept copies that are there and smaller than declared. */
export async function growOverlays(machine: Machine, folder: MachineFolder, context: Context): Promise<void> {
  for (const [key, disk] of Object.entries(machine.disks)) {
    const path = folder.overlay(key);
    if (disk.overlay && (await isThere(path))) await growTo(path, disk.size, context);
  }
}

async function makeOnce(path: string, key: string, disk: MachineDisk, folder: MachineFolder, context: Context) {
  if (await isThere(path)) await growTo(path, disk.size, context);
  else await make(path, key, disk, folder, context);
}

async function make(
  path: string,
  key: string,
  disk: MachineDisk,
  folder: MachineFolder,
  context: Context,
): Promise<void> {
  const [base] = await imageChain(key, disk, folder);
  if (!base) return;
  await using partial = partialBeside(path);
  if (disk.whole) await convert({ node: imageNodeOf(base), files: [] }, qcow2(partial.path), context, `copying ${key}`);
  else await thin(partial.path, base, key, context);
  const { size } = await readImageHead(partial.path);
  if (disk.size !== null && disk.size < size) throw smaller(disk.image, size, disk.size);
  await growTo(partial.path, disk.size, context);
  await partial.publish();
}

async function makeAbove(path: string, kept: string, key: string, context: Context): Promise<void> {
  await using partial = partialBeside(path);
  await thin(partial.path, qcow2(kept), key, context);
  await partial.publish();
}

const qcow2 = (path: string): ImageFile => ({ path, format: "qcow2" });

const imageNodeOf = ({ path, format, isDevice }: Layer) =>
  isDevice ? { driver: format, file: { driver: "host_device", filename: path } } : imageNode({ path, format });

async function thin(path: string, base: ImageFile, key: string, context: Context): Promise<void> {
  context.progress({ phase: "making a thin copy", detail: key });
  const options = { signal: context.signal, image: base.path, doing: `make a thin copy of "${base.path}"` };
  await qemuImg(["create", "-q", "-f", "qcow2", "-F", base.format, "-b", base.path, path], options);
}

/** The guest's tables and file systems are its own to grow: cloud-init does at its next start. */
async function growTo(path: string, size: number | null, context: Context): Promise<void> {
  if (size === null || (await readImageHead(path)).size >= size) return;
  const options = { signal: context.signal, image: path, doing: `grow "${path}"` };
  await qemuImg(["resize", "-q", "-f", "qcow2", path, String(size)], options);
}
