import { chmod, copyFile, mkdir, rename, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { readImageHead } from "../build/header.ts";
import { qemuImg } from "../build/qemu.ts";
import { smaller } from "../build/source.ts";
import { partialBeside } from "../host/partial.ts";
import type { Context } from "../kit/context.ts";
import { chainOf } from "./chain.ts";
import type { FirmwareFiles } from "./firmware.ts";
import type { MachineFolder } from "./folder.ts";
import type { Machine, MachineDisk } from "./machine.ts";

/** Makes the machine's own thin copies of disks, and grows those that are smaller than declared. */
export async function makeOverlays(machine: Machine, folder: MachineFolder, context: Context): Promise<void> {
  for (const [key, disk] of Object.entries(machine.disks)) {
    if (!disk.overlay) continue;
    const path = folder.overlay(key);
    if (await isThere(path)) await growOverlay(path, disk, context);
    else await makeOverlay(path, key, disk, context);
  }
}

/** Grows those overlays that are there and smaller than declared. */
export async function growOverlays(machine: Machine, folder: MachineFolder, context: Context): Promise<void> {
  for (const [key, disk] of Object.entries(machine.disks)) {
    const path = folder.overlay(key);
    if (disk.overlay && (await isThere(path))) await growOverlay(path, disk, context);
  }
}

async function makeOverlay(path: string, key: string, disk: MachineDisk, context: Context): Promise<void> {
  const [base] = await chainOf(disk.image, null, ["disks", key, "image"]);
  if (!base) return;
  context.progress({ phase: "making a thin copy", detail: key });
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await using partial = partialBeside(path);
  const options = { signal: context.signal, image: disk.image, doing: `make a thin copy of "${disk.image}"` };
  await qemuImg(["create", "-q", "-f", "qcow2", "-F", base.format, "-b", base.path, partial.path], options);
  const { size } = await readImageHead(partial.path);
  if (disk.size !== null && disk.size < size) throw smaller(disk.image, size, disk.size);
  await growOverlay(partial.path, disk, context);
  await partial.publish();
}

/** The guest's tables and file systems are its own to grow: cloud-init does at its next start. */
async function growOverlay(path: string, { size }: MachineDisk, context: Context): Promise<void> {
  if (size === null || (await readImageHead(path)).size >= size) return;
  const options = { signal: context.signal, image: path, doing: `grow "${path}"` };
  await qemuImg(["resize", "-q", "-f", "qcow2", path, String(size)], options);
}

/** UEFI's variables: a copy of the firmware's template at the first start, the guest's own from then on. */
export async function makeVariables(folder: MachineFolder, firmware: FirmwareFiles): Promise<void> {
  if (await isThere(folder.nvram)) return;
  await using partial = partialBeside(folder.nvram, "nvram");
  await copyFile(firmware.variables, partial.path);
  await chmod(partial.path, 0o600);
  await partial.publish();
}

/** One earlier console and QEMU log are kept beside the present ones. */
export async function rotateLogs(folder: MachineFolder): Promise<void> {
  for (const path of [folder.consoleLog, folder.qemuLog]) {
    await rename(path, `${path}.1`).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
    });
  }
}

export const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
