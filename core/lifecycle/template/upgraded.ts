import { stat } from "node:fs/promises";
import type { Settings } from "../../kit/context.ts";
import { effectiveMachine } from "../../machine/disks/effective.ts";
import { imageChain } from "../../machine/disks/own-disk.ts";
import type { MachineFolder } from "../../machine/folder.ts";
import type { Machine } from "../../machine/machine.ts";
import type { MachineMemory } from "../../machine/memory.ts";

/** What each disk that is made anew was made from: a stamp of every file below it, by the disk's name. */
export type MadeFrom = Readonly<Record<string, readonly string[]>>;

/** The stamps of what a start of an effective machine makes its disks from, as it is now. */
export async function stampsOf(machine: Machine, folder: MachineFolder): Promise<MadeFrom> {
  const fresh = Object.entries(machine.disks).filter(([, { own }]) => own === "fresh");
  const stamps = fresh.map(async ([key, disk]) => {
    const chain = await imageChain(key, disk, folder).catch(() => []);
    return [key, await Promise.all(chain.map(({ path }) => stampOf(path)))] as const;
  });
  return Object.fromEntries(await Promise.all(stamps));
}

/** Changes whenever the file is another one, or was written to; a start of the host numbers its devices anew. */
async function stampOf(path: string): Promise<string> {
  const found = await stat(path, { bigint: true }).catch(() => null);
  return found ? `${found.ino}:${found.size}:${found.mtimeNs}` : "missing";
}

/**
 * Whether what the machine's disks were made from at its last start is another thing now. False where it never started,
 * and where nothing can be told (its template is gone, or the image: its start says so).
 */
export async function isUpgraded(
  { machine, details }: MachineMemory,
  folder: MachineFolder,
  settings: Settings,
): Promise<boolean> {
  const disks = Object.entries(details.madeFrom);
  if (disks.length === 0) return false;
  const effective = await effectiveMachine(machine, settings).catch(() => null);
  if (!effective) return false;
  const now = await stampsOf(effective, folder);
  return disks.some(([key, before]) => {
    const after = now[key];
    return after !== undefined && after.length > 0 && !after.includes("missing") && before.join() !== after.join();
  });
}

/** What is told of it. */
export const upgradedNote = (name: string): string =>
  `what the disks of "${name}" start from was changed since its last start; the next start takes it up`;
