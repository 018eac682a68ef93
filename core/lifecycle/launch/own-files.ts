import { chmod, rename } from "node:fs/promises";
import { isThere } from "../../host/is-there.ts";
import { partialBeside } from "../../host/partial.ts";
import { copyFile } from "../../host/write-file.ts";
import type { MachineFolder } from "../../machine/folder.ts";
import { boundLogs } from "../../machine/log-limit.ts";
import type { Machine } from "../../machine/machine.ts";
import type { FirmwareFiles } from "../../qemu/firmware.ts";

/**
 * UEFI's variables: a copy of those of the machine's template, or of the firmware's own, at the first start; the guest's
 * own from then on.
 */
export async function makeVariables(
  folder: MachineFolder,
  firmware: FirmwareFiles,
  template: MachineFolder | null,
): Promise<void> {
  if (await isThere(folder.nvram)) return;
  const isKnown = template !== null && (await isThere(template.nvram));
  await using partial = partialBeside(folder.nvram, "nvram");
  await copyFile(isKnown ? template.nvram : firmware.variables, partial.path);
  await chmod(partial.path, 0o600);
  await partial.publish();
}

/** One earlier console and QEMU log are kept beside the present ones. */
export async function rotateLogs(folder: MachineFolder, machine: Pick<Machine, "console_log_size">): Promise<void> {
  await boundLogs(folder, machine);
  for (const path of [folder.consoleLog, folder.qemuLog]) {
    await rename(path, `${path}.1`).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
    });
  }
}
