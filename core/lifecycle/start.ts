import { settleRedo } from "../build/redo.ts";
import { forgetPins } from "../communicator/ssh/pins.ts";
import { isAlive } from "../host/owner.ts";
import type { Context } from "../kit/context.ts";
import { asGuestkitError, GuestkitError } from "../kit/errors.ts";
import { demandApproved } from "../machine/disks/approved.ts";
import { effectiveMachine } from "../machine/disks/effective.ts";
import { copiesOf, diskChain } from "../machine/disks/own-disk.ts";
import { type MachineFolder, prepareFolder } from "../machine/folder.ts";
import { namedHolder } from "../machine/holder.ts";
import { leashOf } from "../machine/leash.ts";
import { type Machine, timeoutsOf } from "../machine/machine.ts";
import { type MachineMemory, remember } from "../machine/memory.ts";
import { clearRun, type Run, writeRun } from "../machine/run.ts";
import { chooseAccelerator } from "../qemu/accelerator/index.ts";
import { spawnQemu } from "../qemu/process/spawn.ts";
import { declaredAttachments, openChannels } from "../share/attachment.ts";
import { demandOwnWay } from "../share/nested.ts";
import { finishThrowingAway } from "./daily/throw-away.ts";
import { type Launch, prepareLaunch } from "./launch/launch.ts";
import { runningOf } from "./look/look.ts";
import { killMachine } from "./stop.ts";
import { demandStartable, demandTemplatesStill } from "./template/guard.ts";
import { announceStart, waitForTemplates } from "./template/starting.ts";
import { type MadeFrom, stampsOf } from "./template/upgraded.ts";

const PORT_ATTEMPTS = 3;

/**
 * Starts QEMU for a machine that does not run, and ends when QEMU answers: what the guest does then is not waited for.
 * A start that fails leaves nothing behind. `declared` has the secrets, which are in no record. Throws `E_MACHINE_RUNS`, `E_QEMU_START` and what its parts say.
 */
export async function startMachine(
  found: MachineMemory,
  folder: MachineFolder,
  context: Context,
  declared?: Machine,
): Promise<Run> {
  await demandStopped(found.machine, folder);
  try {
    await prepareFolder(folder);
    const { accelerator } = await chooseAccelerator(context);
    const wanted = withScreen(found, declared);
    await using _announced = await announce(await effectiveMachine(wanted, context.settings), folder, context);
    // Only now does nobody change what lies below any more.
    const effective = await effectiveMachine(wanted, context.settings);
    await demandStartable(effective, folder, context.settings);
    await demandApproved(effective, found.details, folder, context.settings);
    await settleImages(effective, folder, context);
    // Since guestkit was killed in it, somebody may have come to lean on what is left.
    const memory = await finishThrowingAway(found, folder);
    const { machineType, forwards } = memory.details;
    // Looked at first: what changes while copies are made is told as an upgrade.
    const madeFrom = await stampsOf(effective, folder);
    await forgetStale(madeFrom, folder);
    const machine = withSeed(effective, folder);
    const made = { madeFrom, copies: copiesOf(effective) };
    const prepare = async () => {
      const launch = await prepareLaunch(machine, folder, { accelerator, kept: { machineType, forwards } }, context);
      await remember(folder, memory, { machineType: launch.machineType, forwards: launch.forwards, ...made });
      return launch;
    };
    return await onFreePorts(folder, prepare, (launch) =>
      launchMachine(memory.machine, launch, accelerator, folder, context),
    );
  } catch (error) {
    await killMachine(folder);
    throw await namedHolder(error, folder, context.settings);
  }
}

/**
 * Between the look at a free port and QEMU's start somebody else may take it, as two machines of one name do that start at
 * once: then ports are picked anew. A declared one is found taken by that, and told with who has it.
 */
async function onFreePorts(
  folder: MachineFolder,
  prepare: () => Promise<Launch>,
  start: (launch: Launch) => Promise<Run>,
): Promise<Run> {
  for (let left = PORT_ATTEMPTS - 1; ; left--) {
    const launch = await prepare();
    try {
      return await start(launch);
    } catch (error) {
      if (asGuestkitError(error).code !== "E_PORT_TAKEN" || left === 0) throw error;
      await killMachine(folder);
    }
  }
}

/** From here on nobody begins to write to what the machine leans on; who does already is waited for. */
async function announce(machine: Machine, folder: MachineFolder, context: Context): Promise<AsyncDisposable> {
  const announced = await announceStart(machine, folder, context.settings);
  try {
    // One that runs is no matter of waiting.
    await demandTemplatesStill(machine, context.settings);
    await waitForTemplates(machine, context);
    return announced;
  } catch (error) {
    await announced[Symbol.asyncDispose]();
    throw error;
  }
}

/** A change of an image that was cut off is finished before a guest writes to it, or reads what lies below. */
async function settleImages(machine: Machine, folder: MachineFolder, context: Context): Promise<void> {
  for (const [key, disk] of Object.entries(machine.disks)) {
    const chain = await diskChain(key, disk, folder).catch(() => []);
    for (const { path, isDevice } of chain) if (!isDevice) await settleRedo(path, context);
  }
}

/** What a dead start left is cleared; a live one is refused. */
async function demandStopped({ name }: Machine, folder: MachineFolder): Promise<void> {
  const run = await runningOf(folder);
  if (run?.qemu && isAlive(run.qemu)) {
    throw new GuestkitError("E_MACHINE_RUNS", `Cannot start "${name}": it runs already (process ${run.qemu.pid})`, {
      help: `guestkit vm restart ${name}`,
    });
  }
  await clearRun(folder);
}

/** A guest whose disks are made anew may make new host keys: cloud-init does, and any system that finds none. */
async function forgetStale(madeFrom: MadeFrom, folder: MachineFolder): Promise<void> {
  if (Object.keys(madeFrom).length > 0) await forgetPins({ knownHostsFile: folder.knownHosts });
}

/** The screen with its password, which an apply alone knows; otherwise one that lets nobody in, where it has one. */
function withScreen({ machine, details }: MachineMemory, declared: Machine | undefined): Machine {
  const { graphics } = machine;
  if (!graphics || !details.screenLocked) return machine;
  return { ...machine, graphics: { ...graphics, password: declared?.graphics?.password ?? null, locked: true } };
}

/** cloud-init's medium is one more CD-ROM. */
export function withSeed(machine: Machine, folder: MachineFolder): Machine {
  if (!machine.cloud_init) return machine;
  return { ...machine, cdroms: { ...machine.cdroms, "cloud-init": { image: folder.seed, boot_order: null } } };
}

async function launchMachine(
  machine: Machine,
  launch: Launch,
  accelerator: string,
  folder: MachineFolder,
  context: Context,
): Promise<Run> {
  context.progress({ phase: "starting QEMU", detail: accelerator });
  const { program, argv, forwards, display } = launch;
  await prepareFolder(folder);
  const attached = declaredAttachments(machine);
  await demandOwnWay(attached, context.settings);
  await openChannels(attached, folder.sockets);
  const what = { program, argv, accelerator, forwards, display, machine, ready: false, attached };
  const starting: Run = { format_version: 1, qemu: null, ...what };
  // Written first: a start that is killed half-way is recognised by it.
  await writeRun(folder, starting);
  const qemu = await spawnQemu(launch, folder, context, {
    leash: await leashOf(folder),
    timeoutMs: timeoutsOf(machine).start * 1000,
  });
  const run = { ...starting, qemu };
  await writeRun(folder, run);
  return run;
}
