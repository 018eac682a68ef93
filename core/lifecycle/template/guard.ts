import type { Goes } from "../../engine/implementation.ts";
import type { Settings } from "../../kit/context.ts";
import { GuestkitError } from "../../kit/errors.ts";
import { keptCopies } from "../../machine/disks/copies.ts";
import { uselessCopies } from "../../machine/disks/own-disk.ts";
import { type MachineFolder, machineFolder } from "../../machine/folder.ts";
import type { Machine } from "../../machine/machine.ts";
import { isRunning } from "../look/look.ts";
import { machinesFrom, machinesOver } from "./leaning.ts";
import { templatesOf } from "./starting.ts";

/**
 * Throws where a start of an effective machine would read what another machine is writing, or write to what others lean
 * on: `E_TEMPLATE_RUNS`, `E_BASE_HAS_OVERLAYS`.
 */
export async function demandStartable(machine: Machine, folder: MachineFolder, settings: Settings): Promise<void> {
  await demandTemplatesStill(machine, settings);
  const names = await machinesOver(await filesWritten(machine, folder), settings, { except: machine.name });
  if (names.length > 0) throw hasOverlays("start", machine.name, names);
}

/** The first machine that runs of those that this one starts from, nearest first; null where all of them stand still. */
async function runningTemplate(machine: Machine, settings: Settings): Promise<string | null> {
  for (const name of await templatesOf(machine, settings)) {
    if (await isRunning(machineFolder(name, settings))) return name;
  }
  return null;
}

/** Throws `E_TEMPLATE_RUNS`. */
export async function demandTemplatesStill(machine: Machine, settings: Settings): Promise<void> {
  const running = await runningTemplate(machine, settings);
  if (running !== null) throw templateRuns(machine.name, running);
}

/** What a start of an effective machine writes to, or throws away: its kept copies, and images that it has no copy of. */
export async function filesWritten(machine: Machine, folder: MachineFolder): Promise<readonly string[]> {
  const written = Object.entries(machine.disks).flatMap(([key, disk]) => {
    if (disk.read_only || disk.own === "above") return [];
    return [disk.overlay ? folder.overlay(key) : disk.image];
  });
  return [...written, ...(await uselessCopies(machine, folder))];
}

/**
 * Throws where machines start from this one (`E_TEMPLATE_USED`), or have copies that lean on its own
 * (`E_BASE_HAS_OVERLAYS`).
 */
export async function demandNoDependants(
  machine: Machine,
  folder: MachineFolder,
  deed: string,
  settings: Settings,
): Promise<void> {
  const against = await dependantsObject(machine, folder, deed, settings);
  if (against) throw against;
}

/** The same as an error that is not thrown; null where nobody depends on it. */
export async function dependantsObject(
  machine: Machine,
  folder: MachineFolder,
  deed: string,
  settings: Settings,
  goes: Goes = () => false,
): Promise<GuestkitError | null> {
  const { name } = machine;
  const users = (await machinesFrom(name, settings)).filter((each) => !goes(each, "virtual_machine"));
  if (users.length > 0) return templateUsed(deed, name, users);
  return await overlaysObject(machine, folder, deed, settings, goes);
}

/** Throws `E_BASE_HAS_OVERLAYS` where copies lean on the machine's own. */
export async function demandNoOverlays(
  machine: Machine,
  folder: MachineFolder,
  deed: string,
  settings: Settings,
): Promise<void> {
  const against = await overlaysObject(machine, folder, deed, settings);
  if (against) throw against;
}

/** What of it stands against making the machine's own disks anew: copies that lean on them. */
async function overlaysObject(
  { name, disks }: Machine,
  folder: MachineFolder,
  deed: string,
  settings: Settings,
  goes: Goes = () => false,
): Promise<GuestkitError | null> {
  const own = Object.keys(disks).map((key) => folder.overlay(key));
  const over = await machinesOver([...own, ...(await keptCopies(folder))], settings, { except: name });
  const names = over.filter((each) => !goes(each, "virtual_machine"));
  return names.length > 0 ? hasOverlays(deed, name, names) : null;
}

const listed = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(", ");

export function templateRuns(name: string, template: string): GuestkitError {
  return new GuestkitError("E_TEMPLATE_RUNS", `Cannot start "${name}": its template "${template}" runs`, {
    at: { field: ["template_vm"] },
    help: `Stop it first: guestkit vm stop ${template}`,
  });
}

export function hasOverlays(deed: string, name: string, names: readonly string[]): GuestkitError {
  const what = `machines have copies of disks that lean on what it writes: ${listed(names)}`;
  return new GuestkitError("E_BASE_HAS_OVERLAYS", `Cannot ${deed} "${name}": ${what}`, {
    help: `Stop those that run (guestkit vm stop NAME); copies that are kept must go first: set recreate_overlay to "always" and apply that while the machine stands still, or guestkit vm recycle NAME with it; or guestkit vm destroy NAME.`,
  });
}

function templateUsed(deed: string, name: string, users: readonly string[]): GuestkitError {
  return new GuestkitError("E_TEMPLATE_USED", `Cannot ${deed} "${name}": it is the template of ${listed(users)}`, {
    help: "Destroy those machines first, or give them another template_vm.",
  });
}
