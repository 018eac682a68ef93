import { join } from "node:path";
import { demandNamed } from "../../build/strangers.ts";
import { partialBeside } from "../../host/partial.ts";
import { readKeptText } from "../../host/plain-file.ts";
import { writeFile } from "../../host/write-file.ts";
import type { Settings } from "../../kit/context.ts";
import { parseJson } from "../../kit/depth.ts";
import { type MachineFolder, machineFolder } from "../folder.ts";
import type { Machine, MachineDisk } from "../machine.ts";
import { type MachineDetails, readMemory } from "../memory.ts";
import { diskChain } from "./own-disk.ts";

const fileOf = (folder: MachineFolder) => join(folder.path, "leans-on.json");

/**
 * Demands that the disks of an effective machine lean on no file of this host that only a stranger's header names, and
 * remembers those that may be leaned on: what a header names later is refused again. A machine that an older release started
 * goes on with what it has. Throws `E_BACKING_FOREIGN` and what following the chains throws.
 */
export async function demandApproved(
  machine: Machine,
  details: MachineDetails,
  folder: MachineFolder,
  settings: Settings,
): Promise<void> {
  const known = await approvalsOf(folder, details);
  const found = new Set<string>();
  for (const [key, disk] of Object.entries(machine.disks)) {
    const inherited = disk.from === undefined ? [] : await approvalsOfMachine(disk.from, settings);
    const approved = known && inherited && [...known, ...inherited];
    const chain = await diskChain(key, disk, folder);
    for (const file of await demandNamed(chain, leave(key, disk, approved), settings.dataDir)) found.add(file);
  }
  await remember(folder, [...found].toSorted());
}

/** What a refusal of a disk says; `approved` is null where everything is. */
export const leave = (key: string, disk: MachineDisk, approved: readonly string[] | null = []) => ({
  allowed: disk.allow_backing_files || approved === null,
  approved: approved ?? [],
  field: ["disks", key, "image"],
  allow: `set disks.${key}.allow_backing_files to true (guestkit vm disposable --allow-backing-files)`,
});

/** Null where it ran before anybody asked. */
async function approvalsOf(folder: MachineFolder, details: MachineDetails): Promise<readonly string[] | null> {
  const text = await readKeptText(fileOf(folder));
  if (text !== null) return filesOf(text);
  return details.ready && details.machineType !== null ? null : [];
}

/** A damaged list approves nothing. */
function filesOf(text: string): readonly string[] {
  try {
    const found: unknown = parseJson(text);
    return Array.isArray(found) ? found.filter((each) => typeof each === "string") : [];
  } catch {
    return [];
  }
}

async function approvalsOfMachine(name: string, settings: Settings): Promise<readonly string[] | null> {
  const folder = machineFolder(name, settings);
  const memory = await readMemory(folder);
  return memory ? await approvalsOf(folder, memory.details) : [];
}

async function remember(folder: MachineFolder, files: readonly string[]): Promise<void> {
  const text = JSON.stringify(files);
  if ((await readKeptText(fileOf(folder))) === text) return;
  await using partial = partialBeside(fileOf(folder), "leans-on");
  await writeFile(partial.path, text, { mode: 0o600 });
  await partial.publish();
}
