import { type Diagnostic, problem, warning } from "../../engine/diagnostic.ts";
import type { PlanContext } from "../../engine/implementation.ts";
import { asGuestkitError, type GuestkitError } from "../../kit/errors.ts";
import { isRunning } from "../../lifecycle/look/look.ts";
import { filesWritten, hasOverlays, templateRuns } from "../../lifecycle/template/guard.ts";
import { machinesOver } from "../../lifecycle/template/leaning.ts";
import { effectiveMachine } from "../../machine/disks/effective.ts";
import { type MachineFolder, machineFolder } from "../../machine/folder.ts";
import type { Machine } from "../../machine/machine.ts";
import type { Value } from "../../model/value.ts";
import { planned } from "../../preflight/index.ts";

/**
 * What of a machine's template, or of machines that lean on its disks, stands against its start. Machines and images that
 * the same apply makes or changes are taken as they are going to be.
 */
export async function templateFaults(machine: Machine, context: PlanContext): Promise<readonly Diagnostic[]> {
  try {
    const effective = await effectiveMachine(machine, context.settings, planned(context.declared, context.settings));
    if (machine.running === false) return [];
    const folder = machineFolder(machine.name, context.settings);
    const running = await templateThatWillRun(machine, context);
    const against = running === null ? await leanedOn(effective, folder, context) : templateRuns(machine.name, running);
    return against ? [told(against)] : changedBelow(effective, context);
  } catch (error) {
    context.signal.throwIfAborted();
    return [told(asGuestkitError(error))];
  }
}

const told = ({ code, at, message, help }: GuestkitError): Diagnostic => problem(code, at?.field ?? [], message, help);

/** The template as the same apply leaves it, else as it is. */
async function templateThatWillRun({ template_vm: name }: Machine, context: PlanContext): Promise<string | null> {
  if (typeof name !== "string") return null;
  const intended = context.intended("virtual_machine", name)?.running;
  const runs = typeof intended === "boolean" ? intended : await isRunning(machineFolder(name, context.settings));
  return runs ? name : null;
}

async function leanedOn(machine: Machine, folder: MachineFolder, { settings, goes }: PlanContext) {
  const files = (await filesWritten(machine, folder)).filter((each: Value) => typeof each === "string");
  const over = await machinesOver(files, settings, { except: machine.name });
  const names = over.filter((each) => !goes(each, "virtual_machine"));
  return names.length > 0 ? hasOverlays("start", machine.name, names) : null;
}

/** Images that the same apply changes first. */
function changedBelow({ name, disks, template_vm }: Machine, context: PlanContext): readonly Diagnostic[] {
  return Object.entries(disks ?? {}).flatMap(([key, { own, image }]) => {
    const made = context.declared("disk_image", image);
    if (own !== "fresh" || made || !context.intended("disk_image", image)) return [];
    const message = `The disk "${key}" of "${name}" is made anew at this start from "${image}", which this apply upgrades first`;
    return [warning("W_TEMPLATE_UPGRADED", [template_vm === null ? "base" : "template_vm"], message)];
  });
}
