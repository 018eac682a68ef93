import { discardHeld } from "../../disposable/discard.ts";
import { ownerOfNew } from "../../engine/record.ts";
import { isAlive, isGone } from "../../host/owner.ts";
import type { Context } from "../../kit/context.ts";
import { GuestkitError } from "../../kit/errors.ts";
import { setAutostart } from "../../lifecycle/autostart.ts";
import { bringUp } from "../../lifecycle/bring-up.ts";
import { isRunning, runningOf } from "../../lifecycle/look/look.ts";
import { removeMachine, sweepFolder } from "../../lifecycle/remove.ts";
import { demandNoOverlays } from "../../lifecycle/template/guard.ts";
import { bringAlong } from "../../machine/brought.ts";
import { type MachineFolder, machineFolder, prepareOwnFolder } from "../../machine/folder.ts";
import { asMachine, type Machine } from "../../machine/machine.ts";
import { readMark } from "../../machine/mark.ts";
import { type MachineMemory, NEW, readMemory, remember, writeMemory } from "../../machine/memory.ts";
import type { ValueObject } from "../../model/value.ts";
import { makeSeed } from "../../seed/make.ts";
import { choose } from "./choose.ts";
import { demandSound, machineExists } from "./guard.ts";
import { secretsOf, withoutSecrets } from "./secrets.ts";

/** Makes a machine and brings it up. One whose making was interrupted is made anew. */
export async function create(
  input: ValueObject,
  { replacing }: { readonly replacing: boolean },
  context: Context,
): Promise<void> {
  const declared = asMachine(input);
  const folder = machineFolder(declared.name, context.settings);
  const before = await makeRoom(declared.name, folder, replacing, context);
  const { machine, ...way } = await choose(declared, context);
  await demandSound(machine, context);
  await prepareOwnFolder(folder);
  await bringAlong(machine, folder, context);
  const memory: MachineMemory = {
    origin: "created",
    owner: ownerOfNew(context.settings, before),
    machine: withoutSecrets(machine),
    details: { ...NEW, ...way, ...secretsOf(machine) },
  };
  await writeMemory(folder, memory);
  try {
    await make(machine, memory, folder, context);
  } catch (error) {
    await leaveNothing(folder);
    throw error;
  }
}

async function make(machine: Machine, memory: MachineMemory, folder: MachineFolder, context: Context): Promise<void> {
  await makeSeed(machine, folder);
  await setAutostart(machine.name, machine.autostart, context.settings);
  if (machine.running) await bringUp(memory, folder, context, { machine });
  else await remember(folder, memory, { ready: true });
}

/** A machine that runs but is not ready stays for a look; one that never ran leaves nothing. */
async function leaveNothing(folder: MachineFolder): Promise<void> {
  const memory = await readMemory(folder);
  if (!memory || (await isRunning(folder))) return;
  // It ran, and ended while it was waited for: console and disks tell why.
  if (memory.details.failure !== null) return;
  await setAutostart(memory.machine.name, false);
  await sweepFolder(folder);
}

/** Whoever removes a machine's folder leaves its QEMU with disks that nothing names: what is made anew must not take it. */
async function demandNoOrphan(name: string, folder: MachineFolder): Promise<void> {
  const run = await runningOf(folder);
  if (!run?.qemu || !isAlive(run.qemu)) return;
  throw new GuestkitError("E_MACHINE_ORPHAN", `Cannot create "${name}": its QEMU runs, and its folder is gone`, {
    at: { file: folder.path, field: ["name"] },
    help: `Bring out of the guest what is needed, for its disks go with it; then end it (kill ${run.qemu.pid}) and run again.`,
  });
}

/** Answers what stood there. */
async function makeRoom(
  name: string,
  folder: MachineFolder,
  replacing: boolean,
  context: Context,
): Promise<MachineMemory | null> {
  const mark = await readMark(folder);
  if (mark && !isGone(mark.owner)) throw machineExists(name, folder);
  // What a killed command left; the engine holds the machine's lock.
  if (mark) await discardHeld(folder);
  const memory = await readMemory(folder);
  if (!memory) {
    await demandNoOrphan(name, folder);
    return null;
  }
  if (!replacing && memory.details.ready) throw machineExists(name, folder);
  await demandNoOverlays(memory.machine, folder, "replace", context.settings);
  await removeMachine(memory, folder, context);
  return memory;
}
