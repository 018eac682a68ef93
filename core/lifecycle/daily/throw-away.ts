import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { MachineFolder } from "../../machine/folder.ts";
import { type MachineMemory, remember } from "../../machine/memory.ts";

/**
 * Throws away what a machine that stands still has made for itself: copies of disks, UEFI's variables, the TPM's state,
 * who the guest is, and which steps it has seen. What it was told stays: its declaration, cloud-init's medium, its key. It
 * is remembered first that this is being done: a start after guestkit was killed goes on with it.
 */
export async function throwAwayOwn(memory: MachineMemory, folder: MachineFolder): Promise<MachineMemory> {
  const begun = await remember(folder, memory, {
    ...{ ready: false, machineType: null, provisioned: [], hostKeys: [], addresses: [], failure: null },
    copies: [],
    recycling: true,
  });
  return await finishThrowingAway(begun, folder);
}

/** The rest of it, where it was begun. */
export async function finishThrowingAway(memory: MachineMemory, folder: MachineFolder): Promise<MachineMemory> {
  if (!memory.details.recycling) return memory;
  const own = [dirname(folder.overlay("any")), folder.nvram, folder.tpm, folder.knownHosts];
  for (const path of own) await rm(path, { recursive: true, force: true });
  return await remember(folder, memory, { recycling: false });
}
