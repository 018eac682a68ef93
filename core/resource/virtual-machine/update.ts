import { rm } from "node:fs/promises";
import type { Change } from "../../engine/diff.ts";
import type { Context } from "../../kit/context.ts";
import { GuestkitError } from "../../kit/errors.ts";
import { setAutostart } from "../../lifecycle/autostart.ts";
import { bringUp } from "../../lifecycle/bring-up.ts";
import { changeLive } from "../../lifecycle/live.ts";
import { look } from "../../lifecycle/look/look.ts";
import { killMachine, stopMachine } from "../../lifecycle/stop.ts";
import { demandNoOverlays } from "../../lifecycle/template/guard.ts";
import { bringAlong } from "../../machine/brought.ts";
import { keptCopies } from "../../machine/disks/copies.ts";
import { isRecreated } from "../../machine/disks/effective.ts";
import { growOverlays } from "../../machine/disks/own-disk.ts";
import { type MachineFolder, machineFolder, prepareOwnFolder } from "../../machine/folder.ts";
import { asMachine, type Machine, timeoutsOf } from "../../machine/machine.ts";
import { readMemory, writeMemory } from "../../machine/memory.ts";
import type { ValueObject } from "../../model/value.ts";
import { makeSeed } from "../../seed/make.ts";
import { choose } from "./choose.ts";
import { demandSound } from "./guard.ts";
import { secretsOf, withoutSecrets } from "./secrets.ts";

/** Changes a machine: in place where QEMU can, by a restart where the plan has announced one. */
export async function update(
  id: string,
  input: ValueObject,
  changes: readonly Change[],
  context: Context,
): Promise<void> {
  const folder = machineFolder(id, context.settings);
  const before = await readMemory(folder);
  if (!before) throw vanished(id);
  await prepareOwnFolder(folder);
  const { machine, sshUser, templateKey } = await choose(asMachine(input), context);
  const throwsAway = !machine.running && isRecreated(machine);
  if (throwsAway) await demandNoOverlays(before.machine, folder, "throw away the copies of", context.settings);
  const { status } = await look(folder, context);
  const restarts = changes.some(({ policy }) => policy === "restart");
  if (restarts || status !== "running") await demandSound(machine, context);
  const memory = {
    ...before,
    machine: withoutSecrets(machine),
    details: {
      ...{ ...before.details, sshUser: sshUser ?? before.details.sshUser, templateKey, ...secretsOf(machine) },
      copies: stillKept(before.details.copies, machine),
    },
  };
  await bringAlong(machine, folder, context);
  await writeMemory(folder, memory);
  await makeSeed(machine, folder);
  await setAutostart(id, machine.autostart, context.settings);
  if (!machine.running) return await standStill(machine, folder, context);
  await makeWay(status === "panicked", restarts && status !== "stopped", machine, folder, context);
  const inPlace = status === "running" && !restarts;
  const changed = inPlace ? await changeLive(memory, changes, folder, context) : memory;
  await bringUp(changed, folder, context, { machine });
}

/** A copy that is not declared for a while may go, and is made anew once it is again. */
const stillKept = (copies: readonly string[], machine: Machine): readonly string[] =>
  isRecreated(machine) ? [] : copies.filter((name) => machine.disks[name]?.overlay === true);

/**
 * Overlays that are there follow the declaration, and go where they are not to be kept; those that are not there are made
 * at the start.
 */
async function standStill(machine: Machine, folder: MachineFolder, context: Context): Promise<void> {
  await stopMachine(folder, timeoutsOf(machine), context);
  const useless = isRecreated(machine) ? await keptCopies(folder) : [];
  for (const path of useless) await rm(path, { force: true });
  await growOverlays(machine, folder, context);
}

/** A guest that has panicked hears nothing any more. */
async function makeWay(dead: boolean, restarts: boolean, machine: Machine, folder: MachineFolder, context: Context) {
  if (dead) await killMachine(folder);
  else if (restarts) await stopMachine(folder, timeoutsOf(machine), context);
}

function vanished(id: string): GuestkitError {
  return new GuestkitError("E_MACHINE_UNKNOWN", `Cannot change "${id}": there is no machine of that name`, {
    help: "guestkit vm list shows those that there are; plan again to have it made.",
  });
}
