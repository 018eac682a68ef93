import { provision } from "../communicator/provision/index.ts";
import { isAlive } from "../host/owner.ts";
import type { Context } from "../kit/context.ts";
import { asGuestkitError, GuestkitError } from "../kit/errors.ts";
import type { MachineFolder } from "../machine/folder.ts";
import type { Machine } from "../machine/machine.ts";
import { type MachineMemory, readMemory, remember, withWayIn } from "../machine/memory.ts";
import { type Run, readRun, writeRun } from "../machine/run.ts";
import { mountShares } from "../share/mount.ts";
import { runStartupCommands } from "./daily/commands.ts";
import { connectMachine, look } from "./look/look.ts";
import { waitReady } from "./ready/index.ts";
import { startMachine } from "./start.ts";

/** What of a declaration is known in an apply alone. */
export interface Secrets {
  /** The declaration with its secrets; provisioning steps take them from it. */
  readonly machine: Machine;
}

/**
 * Brings a machine to where its declaration wants it: started, ready, its shares mounted, provisioned. What is done
 * already is left alone, so that a rerun goes on where an earlier one was stopped. A machine that does not become ready
 * stays as it is, for a look. Throws what starting, waiting, provisioning and its startup commands say, unless `on_failure` is `keep`.
 */
export async function bringUp(
  memory: MachineMemory,
  folder: MachineFolder,
  context: Context,
  secrets?: Secrets,
): Promise<MachineMemory> {
  const run = await ensureRunning(memory, folder, context, secrets);
  // Starting may have remembered what it picked.
  const current = (await rereadDetails(memory, folder)) ?? memory;
  if (isDone(current, run)) return current;
  try {
    const machine = withWayIn({ machine: secrets?.machine ?? current.machine, details: current.details }, folder);
    return await becomeReady(current, folder, run, context, machine);
  } catch (error) {
    return await failed(current, folder, run, asGuestkitError(error), context);
  }
}

const isDone = (memory: MachineMemory, run: Run): boolean =>
  run.ready !== false && memory.details.ready && memory.details.failure === null && !owesSteps(memory);

async function rereadDetails(memory: MachineMemory, folder: MachineFolder): Promise<MachineMemory | null> {
  const found = await readMemory(folder);
  return found && { ...memory, details: found.details };
}

/** What becomes of the start that it belongs to; one that has ended meanwhile (vm kill) has no file any more. */
async function markStart(folder: MachineFolder, run: Run, ready: Run["ready"]): Promise<void> {
  const current = await readRun(folder);
  if (current?.qemu?.pid === run.qemu?.pid) await writeRun(folder, { ...run, ready });
}

async function ensureRunning(
  memory: MachineMemory,
  folder: MachineFolder,
  context: Context,
  secrets?: Secrets,
): Promise<Run> {
  const { status, run } = await look(folder, context);
  if (!run?.qemu || !isAlive(run.qemu)) return await startMachine(memory, folder, context, secrets?.machine);
  if (status === "panicked") throw panicked(memory.machine);
  if (status === "paused") await resumeMachine(folder, context);
  // One that was found without its file gets it back.
  await writeRun(folder, run);
  return run;
}

function panicked({ name }: Machine): GuestkitError {
  return new GuestkitError("E_GUEST_PANIC", `Cannot use "${name}": its kernel has panicked`, {
    help: `See why with: guestkit vm logs ${name}; then: guestkit vm kill ${name} && guestkit vm up ${name}`,
  });
}

export async function resumeMachine(folder: MachineFolder, context: Context): Promise<void> {
  await using qmp = await connectMachine(folder, context);
  await qmp.execute("cont");
}

export async function pauseMachine(folder: MachineFolder, context: Context): Promise<void> {
  await using qmp = await connectMachine(folder, context);
  await qmp.execute("stop");
}

/** `fresh`: the machine was started, and not brought to its end yet. */
const stepsFor = ({ machine, details }: MachineMemory, fresh: boolean) =>
  machine.provision.filter(
    ({ name, when }) =>
      (fresh && (when === "always" || machine.provision_always)) ||
      (when === "create" && !details.provisioned.includes(name)),
  );

/** Whether a step for the first start has not been run yet. */
export const owesSteps = (memory: MachineMemory): boolean => stepsFor(memory, false).length > 0;

async function becomeReady(
  memory: MachineMemory,
  folder: MachineFolder,
  run: Run,
  context: Context,
  machine: Machine,
): Promise<MachineMemory> {
  const isLive = () => run.qemu !== null && isAlive(run.qemu);
  const startedAt = performance.now();
  const ready = await waitReady(machine, folder, machine.wait_for ?? [], { run, startedAt, isAlive: isLive, context });
  const hostKeys = ready.hostKeys.length > 0 ? ready.hostKeys : memory.details.hostKeys;
  const known = await remember(folder, memory, { hostKeys, addresses: ready.addresses });
  await mountShares(machine, folder, run, context);
  const provisioned = new Set(known.details.provisioned);
  // Each for itself: after a later one has failed it is not done again.
  const onDone = async (step: string) => {
    provisioned.add(step);
    await remember(folder, known, { provisioned: [...provisioned] });
  };
  const fresh = run.ready === false;
  await provision(machine, pick(machine, stepsFor(known, fresh)), { folder, run, context, onDone });
  if (fresh) await runStartupCommands(machine, { folder, run, context });
  const done = await remember(folder, known, { ready: true, failure: null, provisioned: [...provisioned] });
  await markStart(folder, run, true);
  return done;
}

/** The same steps as the declaration with its secrets has them. */
const pick = (machine: Machine, steps: Machine["provision"]) =>
  machine.provision.filter(({ name }) => steps.some((step) => step.name === name));

async function failed(
  memory: MachineMemory,
  folder: MachineFolder,
  run: Run,
  error: GuestkitError,
  context: Context,
): Promise<MachineMemory> {
  const kept = memory.machine.on_failure === "keep" && !context.signal.aborted;
  const details = { failure: error.message, ...(kept && { ready: true }) };
  const remembered = await remember(folder, (await rereadDetails(memory, folder)) ?? memory, details);
  if (!kept) throw error;
  await markStart(folder, run, null);
  context.progress({ phase: "not ready, kept", detail: error.message });
  return remembered;
}
