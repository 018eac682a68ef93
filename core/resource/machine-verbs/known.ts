import { sweepDisposables } from "../../disposable/index.ts";
import { takeLock } from "../../host/lock.ts";
import { sweepPartialsIn } from "../../host/partial.ts";
import type { Context } from "../../kit/context.ts";
import { GuestkitError } from "../../kit/errors.ts";
import { describeOwner } from "../../kit/owner.ts";
import { leadsOut, type MachineFolder, machineFolder } from "../../machine/folder.ts";
import { listMachines } from "../../machine/list.ts";
import { boundLogs } from "../../machine/log-limit.ts";
import { type MachineMemory, readMemory } from "../../machine/memory.ts";
import type { ValueObject } from "../../model/value.ts";

/** A machine that a verb is about. */
export interface Known {
  readonly folder: MachineFolder;
  readonly memory: MachineMemory;
}

/** Throws `E_MACHINE_UNKNOWN`, which names those that there are. Disposables of killed commands are none. */
export async function knownMachine(input: ValueObject, context: Context): Promise<Known> {
  await sweepDisposables(context.settings);
  const name = String(input.name);
  const folder = machineFolder(name, context.settings);
  const memory = leadsOut(name) ? null : await readMemory(folder);
  if (memory) {
    await boundLogs(folder, memory.machine);
    return { folder, memory };
  }
  const others = await listMachines(context.settings);
  throw new GuestkitError("E_MACHINE_UNKNOWN", `Cannot find "${name}": there is no machine of that name`, {
    help:
      others.length > 0 ? `There are: ${others.join(", ")}.` : "Declare one (resource virtual_machine) and apply it.",
  });
}

/** What is named is done to anybody's: it is said whose it is. */
function tellOwner({ memory: { machine, owner } }: Known, { progress }: Context): void {
  if (!owner) return;
  progress({ phase: "note", detail: `"${machine.name}" belongs to ${describeOwner(owner)}`, warning: true });
}

/** Does something with a machine while nobody else does; what a killed one left half-written in its folder goes first. */
export async function withMachine<T>(
  input: ValueObject,
  context: Context,
  act: (known: Known) => Promise<T>,
): Promise<T> {
  const { folder } = await knownMachine(input, context);
  await using _lock = await takeLock(folder.path, context, { name: String(input.name) });
  await sweepPartialsIn(folder.path);
  const known = await knownMachine(input, context);
  tellOwner(known, context);
  return await act(known);
}
