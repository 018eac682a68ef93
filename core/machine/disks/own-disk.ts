import { rm } from "node:fs/promises";
import { type Chain, chainNode, chainOf, fixFormats, imageOfChain } from "../../build/chain.ts";
import type { Layer } from "../../build/layer.ts";
import { createThin } from "../../build/overlay.ts";
import { smaller } from "../../build/source.ts";
import { makeOwnFolder } from "../../host/folder.ts";
import { isThere } from "../../host/is-there.ts";
import { partialBeside } from "../../host/partial.ts";
import type { Context } from "../../kit/context.ts";
import { convert, qemuImg } from "../../qemu/block/img.ts";
import { type ImageFile, imageNode, nodeName } from "../../qemu/block/node.ts";
import type { MachineFolder } from "../folder.ts";
import type { Machine, MachineDisk } from "../machine.ts";
import { machineChain } from "./chain.ts";
import { keptCopies } from "./copies.ts";
import { isRecreated } from "./effective.ts";

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
export async function diskChain(key: string, disk: MachineDisk, folder: MachineFolder): Promise<Chain> {
  const field = ["disks", key, "image"];
  const own = writtenFile(key, disk, folder);
  if (!disk.overlay) return imageChain(key, disk, folder);
  if (await isThere(own)) return chainOf(own, { format: "qcow2", field });
  const top: Layer = { path: own, format: "qcow2", size: 0 };
  if (disk.own === "above") return [top, ...(await diskChain(key, keptOf(disk), folder))];
  return disk.whole ? [top] : [top, ...(await imageChain(key, disk, folder))];
}

/** Where the machine keeps what it writes, without what lies above it for one start. */
const keptOf = ({ own: _, ...disk }: MachineDisk): MachineDisk => disk;

/** What a disk's own file is made from; a raw image that guests write to stays raw, whatever they write. */
export async function imageChain(key: string, { image, format }: MachineDisk, folder: MachineFolder): Promise<Chain> {
  return machineChain(image, format, folder, ["disks", key, "image"]);
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

/** Disks of an effective machine whose own copies outlast a stop. */
export const copiesOf = ({ disks }: Machine): readonly string[] =>
  Object.keys(disks).filter((key) => disks[key]?.overlay && disks[key].own !== "fresh");

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
  const chain = await imageChain(key, disk, folder);
  const base = imageOfChain(chain);
  const { size } = base;
  if (disk.size !== null && disk.size < size) throw smaller(disk.image, size, disk.size);
  await fixFormats(chain, context.settings.dataDir);
  await using partial = partialBeside(path);
  if (disk.whole)
    await convert({ node: imageNode(base), files: [] }, qcow2(partial.path), context, {
      phase: `copying ${key}`,
      from: base.path,
    });
  else await thin(partial.path, base, disk.size ?? size, key, context);
  await growTo(partial.path, disk.whole ? disk.size : null, context);
  await partial.publish();
}

async function makeAbove(path: string, kept: string, key: string, context: Context): Promise<void> {
  const [base] = await chainOf(kept, { format: "qcow2" });
  await using partial = partialBeside(path);
  await thin(partial.path, base, base.size, key, context);
  await partial.publish();
}

const qcow2 = (path: string): ImageFile => ({ path, format: "qcow2" });

async function thin(path: string, base: ImageFile, size: number, key: string, context: Context): Promise<void> {
  context.progress({ phase: "making a thin copy", detail: key });
  await createThin(path, base, size, { signal: context.signal, doing: `make a thin copy of "${base.path}"` });
}

/** The guest's tables and file systems are its own to grow: cloud-init does at its next start. */
async function growTo(path: string, size: number | null, context: Context): Promise<void> {
  if (size === null) return;
  const chain = await chainOf(path, { format: "qcow2" });
  if (chain[0].size >= size) return;
  const options = { signal: context.signal, image: path, doing: `grow "${path}"` };
  await qemuImg(["resize", "-q", nodeName(chainNode(chain)), String(size)], options);
}
