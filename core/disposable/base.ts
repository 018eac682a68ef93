import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { isAlive } from "../host/owner.ts";
import type { Context } from "../kit/context.ts";
import { GuestkitError } from "../kit/errors.ts";
import { runningOf } from "../lifecycle/look/look.ts";
import { leadsOut, type MachineFolder, machineFolder } from "../machine/folder.ts";
import { listMachines } from "../machine/list.ts";
import { type MachineMemory, readMemory } from "../machine/memory.ts";

/** What a disposable is made of: a machine of this user, or an image. */
export type Base =
  | { readonly kind: "machine"; readonly memory: MachineMemory; readonly folder: MachineFolder }
  | { readonly kind: "image"; readonly path: string };

/**
 * A machine's name, else a path. Throws `E_DISPOSABLE_BASE` where there is neither, `E_TEMPLATE_RUNS` where the machine
 * runs.
 */
export async function findBase(base: string, context: Context): Promise<Base> {
  if (!leadsOut(base)) {
    const folder = machineFolder(base, context.settings);
    const memory = await readMemory(folder);
    if (memory) {
      await demandStill(base, folder);
      return { kind: "machine", memory, folder };
    }
  }
  const path = resolve(base);
  const found = await stat(path).catch(() => null);
  if (found && !found.isDirectory()) return { kind: "image", path };
  throw await unknownBase(base, context);
}

async function demandStill(name: string, folder: MachineFolder): Promise<void> {
  const run = await runningOf(folder);
  if (!run?.qemu || !isAlive(run.qemu)) return;
  throw new GuestkitError(
    "E_TEMPLATE_RUNS",
    `Cannot make a disposable of "${name}": it runs, and writes to its disks`,
    {
      at: { field: ["base"] },
      help: `Stop it first: guestkit vm stop ${name}`,
    },
  );
}

async function unknownBase(base: string, { settings }: Context): Promise<GuestkitError> {
  const names = await listMachines(settings);
  const there = names.length > 0 ? `There are the machines ${names.join(", ")}; or name an image's path.` : undefined;
  return new GuestkitError(
    "E_DISPOSABLE_BASE",
    `Cannot make a disposable of "${base}": there is neither a machine nor an image of that name`,
    { at: { field: ["base"] }, help: there ?? "Name an image's path, or declare a machine and apply it." },
  );
}
