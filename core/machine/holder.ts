import type { Goes } from "../engine/implementation.ts";
import { isAlive } from "../host/owner.ts";
import type { Settings } from "../kit/context.ts";
import { asGuestkitError, GuestkitError } from "../kit/errors.ts";
import { type MachineFolder, machineFolder } from "./folder.ts";
import { listMachines } from "./list.ts";
import { readRun } from "./run.ts";

/** The same error; where an image is locked by a machine of this user, other than `own`, one that names it. */
export async function namedHolder(error: unknown, own: MachineFolder | null, settings: Settings): Promise<unknown> {
  const { code, at, cause } = asGuestkitError(error);
  if (code !== "E_IMAGE_IN_USE" || at?.file === undefined) return error;
  const holder = await machineWith(at.file, own, settings);
  if (holder === null) return error;
  return new GuestkitError(code, `Cannot use "${at.file}": machine "${holder}" has it open`, {
    at,
    cause,
    help: own
      ? `Stop it first (guestkit vm stop ${holder}), or give each machine its own copy: set overlay to true, on an image that nobody writes to.`
      : `Stop it first (guestkit vm stop ${holder}), or apply first what takes the image from it.`,
  });
}

/** Whether a machine has an image open that is removed before whoever asks comes to use it. */
export async function isHeldByGoing(path: string, goes: Goes, settings: Settings): Promise<boolean> {
  const holder = await machineWith(path, null, settings);
  return holder !== null && goes(holder, "virtual_machine");
}

async function machineWith(path: string, own: MachineFolder | null, settings: Settings): Promise<string | null> {
  const quoted = JSON.stringify(path);
  for (const name of await listMachines(settings)) {
    const folder = machineFolder(name, settings);
    if (folder.path === own?.path) continue;
    const run = await readRun(folder);
    if (run?.qemu && isAlive(run.qemu) && run.argv.some((each) => each.includes(quoted))) return name;
  }
  return null;
}
