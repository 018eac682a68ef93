import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import { syncFolder } from "../host/partial.ts";
import type { Context } from "../kit/context.ts";
import type { MachineFolder } from "../machine/folder.ts";
import { timeoutsOf } from "../machine/machine.ts";
import { forget, type MachineMemory } from "../machine/memory.ts";
import { clearRun } from "../machine/run.ts";
import { setAutostart } from "./autostart.ts";
import { stopMachine } from "./stop.ts";

/**
 * Removes a machine and everything that is its own. Images that it only used stay: where it could write to one, the
 * guest is asked to shut down first, so that they stay whole; otherwise QEMU just quits.
 */
export async function removeMachine(memory: MachineMemory, folder: MachineFolder, context: Context): Promise<void> {
  const timeouts = timeoutsOf(memory.machine);
  const stop = leavesSomething(memory) ? timeouts.stop : 0;
  await stopMachine(folder, { ...timeouts, stop }, context);
  await setAutostart(memory.machine.name, false);
  await sweepFolder(folder);
}

function leavesSomething({ machine }: MachineMemory): boolean {
  // What it has to say before it goes is said in an orderly way.
  if (machine.shutdown_commands.length > 0) return true;
  const disks = Object.values(machine.disks).some((disk) => !disk.overlay && !disk.read_only);
  return disks || Object.values(machine.shares).some((share) => !share.read_only);
}

/** The record goes last but for the folder itself: killed before that, a rerun finds the machine and goes on. */
export async function sweepFolder(folder: MachineFolder): Promise<void> {
  const own = [`${folder.path}/disks`, folder.tpm, folder.nvram, folder.seed, folder.sshKey, `${folder.sshKey}.pub`];
  for (const path of own) await rm(path, { recursive: true, force: true });
  await clearRun(folder);
  await forget(folder);
  await rm(folder.path, { recursive: true, force: true });
  await syncFolder(dirname(folder.path));
}
