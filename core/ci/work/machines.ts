import type { Context } from "../../kit/context.ts";
import { GuestkitError } from "../../kit/errors.ts";
import { fits, isPattern } from "../../kit/glob.ts";
import { contractOf } from "../../model/registry.ts";
import type { ValueObject } from "../../model/value.ts";
import { type DeclaredMachine, machinesOf, type OpenProject } from "./project.ts";

export type MachineVerb = "recycle" | "provision";

/** A machine with which something is to be done. */
export interface MachineTask {
  readonly verb: MachineVerb;
  readonly name: string;
  readonly address: string;
}

/**
 * What the job's patterns name; recycling provisions as well. A pattern names machines that the project owns: what a
 * commit merely declares may be the user's own. Throws `E_CI_MACHINE` for a word that names none.
 */
export function machineTasks(
  open: OpenProject,
  wanted: Readonly<Record<MachineVerb, readonly string[]>>,
): readonly MachineTask[] {
  const machines = machinesOf(open);
  const recycle = matching(machines, wanted.recycle, "recycle");
  const provision = matching(machines, wanted.provision, "provision");
  return [...recycle, ...provision.filter(({ name }) => !recycle.some((each) => each.name === name))];
}

function matching(machines: readonly DeclaredMachine[], patterns: readonly string[], verb: MachineVerb): MachineTask[] {
  for (const pattern of patterns) {
    if (!isPattern(pattern) && !machines.some(({ name }) => name === pattern)) throw unknown(pattern, machines, verb);
  }
  return machines.flatMap(({ address, name, isOwned }) => {
    const isNamed = patterns.includes(name) || (isOwned && patterns.some((pattern) => fits(pattern, name)));
    return isNamed ? [{ verb, name, address }] : [];
  });
}

/** Does it through the machine's own verbs. Gives what was done. */
export async function doMachineTask(
  { engine }: OpenProject,
  { verb, name }: MachineTask,
  options: Pick<Context, "signal" | "progress">,
): Promise<string> {
  const act = (action: string, input: ValueObject) => engine.action(contractOf(action, "action"), input, options);
  if (verb === "recycle") {
    await act("vm_recycle", { name });
    return `${name} was made anew`;
  }
  await act("vm_up", { name });
  const { output } = await act("vm_provision", { name });
  const steps = Array.isArray(output.steps) ? output.steps : [];
  return steps.length > 0 ? `${name} ran ${steps.join(", ")}` : `${name} has no steps`;
}

function unknown(pattern: string, machines: readonly DeclaredMachine[], verb: string): GuestkitError {
  return new GuestkitError(
    "E_CI_MACHINE",
    `Cannot ${verb} "${pattern}": the project declares no machine of that name`,
    {
      at: { field: [verb] },
      help: `It declares: ${machines.map(({ name }) => name).join(", ") || "none"}.`,
    },
  );
}
