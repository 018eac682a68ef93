import { demandNamed } from "../../build/strangers.ts";
import { demand } from "../../engine/apply-error.ts";
import { type Diagnostic, hasErrors, problem, warning } from "../../engine/diagnostic.ts";
import type { PlanContext } from "../../engine/implementation.ts";
import type { Plan } from "../../engine/plan.ts";
import type { Context } from "../../kit/context.ts";
import { asGuestkitError, GuestkitError } from "../../kit/errors.ts";
import { isRunning, runningOf } from "../../lifecycle/look/look.ts";
import { takenPorts } from "../../lifecycle/ports/ports.ts";
import { screenOf } from "../../lifecycle/ports/screen-port.ts";
import { dependantsObject } from "../../lifecycle/template/guard.ts";
import { leave } from "../../machine/disks/approved.ts";
import { imageChain } from "../../machine/disks/own-disk.ts";
import { type MachineFolder, machineFolder } from "../../machine/folder.ts";
import { listMachines } from "../../machine/list.ts";
import { asMachine, type Machine } from "../../machine/machine.ts";
import { type MachineMemory, readMemory } from "../../machine/memory.ts";
import type { Run } from "../../machine/run.ts";
import type { ValueObject } from "../../model/value.ts";
import { checkMachine, toDiagnostics } from "../../preflight/index.ts";
import { templateFaults } from "./template-faults.ts";

/** What the world has to say against a plan: protection, and what the images tell of the boot that is to come. */
export async function preflight(
  plan: Plan,
  input: ValueObject | null,
  context: PlanContext,
): Promise<readonly Diagnostic[]> {
  const kept = await keeps(plan, context);
  if (!input || hasErrors(kept) || !boots(plan)) return kept;
  const machine = asMachine(input);
  const faults = await templateFaults(machine, context);
  if (hasErrors(faults)) return [...kept, ...faults];
  const found = await checkMachine(machine, context, context);
  const strangers = plan.action === "update" ? [] : await strangerFaults(machine, context);
  return [...kept, ...faults, ...toDiagnostics(found), ...strangers, ...(await portFaults(machine, context))];
}

/** Who has a port may be gone by the start, which asks again. What the machine has itself it gives back before. */
async function portFaults(machine: Machine, context: PlanContext): Promise<readonly Diagnostic[]> {
  if (!machine.running) return [];
  const runs = await endingRuns(machine.name, context);
  const isKept = runs.some((run) => run.machine?.graphics?.port === machine.graphics?.port);
  const folder = machineFolder(machine.name, context.settings);
  const screen = isKept ? null : await screenOf(machine, folder).then(() => null, asGuestkitError);
  const forwards = runs.flatMap((run) => run.forwards);
  const found = [...(await takenPorts(machine, forwards)), ...(screen ? [screen] : [])];
  return found.map(({ code, at, message, help }) => warning(code, at?.field ?? [], message, help));
}

/** What runs now and gives its ports back before the machine starts: its own, and machines that go. */
async function endingRuns(name: string, { settings, goes }: PlanContext): Promise<readonly Run[]> {
  const going = (await listMachines(settings)).filter((each) => each !== name && goes(each, "virtual_machine"));
  const found = [name, ...going].map(async (each) => {
    const folder = machineFolder(each, settings);
    return (await isRunning(folder)) ? [await runningOf(folder)] : [];
  });
  return (await Promise.all(found)).flat().filter((run) => run !== null);
}

/** Images that are there, and what they lean on; its start asks again. */
async function strangerFaults(machine: Machine, context: PlanContext): Promise<readonly Diagnostic[]> {
  const folder = machineFolder(machine.name, context.settings);
  const faults = Object.entries(machine.disks ?? {}).map(async ([key, disk]) => {
    if (typeof disk?.image !== "string" || context.intended("disk_image", disk.image)) return [];
    try {
      const chain = await imageChain(key, disk, folder);
      await demandNamed(chain, leave(key, disk), context.settings.dataDir);
      return [];
    } catch (error) {
      if (!(error instanceof GuestkitError) || !STRANGE.includes(error.code)) return [];
      return [problem(error.code, ["disks", key, "image"], error.message, error.help)];
    }
  });
  return (await Promise.all(faults)).flat();
}

/** What else is wrong with an image is preflight's to say. */
const STRANGE: readonly string[] = ["E_BACKING_FOREIGN", "E_FORMAT_AMBIGUOUS"];

async function keeps(plan: Plan, context: PlanContext): Promise<readonly Diagnostic[]> {
  if (typeof plan.id !== "string" || plan.action === "none" || plan.action === "update") return [];
  const folder = machineFolder(plan.id, context.settings);
  const memory = await readMemory(folder);
  if (!memory) return [];
  if (plan.action === "create") return isTaken(memory, context) ? [problemOf(machineExists(plan.id, folder))] : [];
  if (memory.machine.delete_protection) {
    return [problemOf(protectedMachine(plan.id, plan.action))];
  }
  // Whoever starts from it may be gone by its turn: the apply asks.
  if (plan.action === "delete") return [];
  const used = await dependantsObject(memory.machine, folder, plan.action, context.settings, context.goes);
  return used ? [problemOf(used)] : [];
}

/** One that was made to its end, and is not replaced by this plan. */
const isTaken = ({ details }: MachineMemory, { isHeld }: PlanContext): boolean => details.ready && !isHeld;

const problemOf = ({ code, at, message, help }: GuestkitError): Diagnostic =>
  problem(code, at?.field ?? [], message, help);

export const machineExists = (name: string, { path }: MachineFolder): GuestkitError =>
  new GuestkitError("E_MACHINE_EXISTS", `Cannot create "${name}": there is a machine of that name`, {
    at: { file: path, field: ["name"] },
    help: `Import it, or remove it first: guestkit vm destroy ${name}`,
  });

/** Whether the machine starts anew by it. */
function boots({ action, changes }: Plan): boolean {
  if (action === "create" || action === "replace") return true;
  return action === "update" && changes.some(({ policy, path }) => policy === "restart" || path[0] === "running");
}

/** The same by content, right before the boot: by now every image is there. Throws the first fault. */
export async function demandSound(machine: Machine, context: Context): Promise<void> {
  if (!machine.running) return;
  demand(toDiagnostics(await checkMachine(machine, context, { declared: () => null })));
}

export function protectedMachine(name: string, deed: string): GuestkitError {
  return new GuestkitError("E_MACHINE_PROTECTED", `Cannot ${deed} "${name}": it has delete_protection`, {
    at: { field: ["delete_protection"] },
    help: "Set delete_protection to false and apply that first.",
  });
}
