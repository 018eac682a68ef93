import type { Context } from "../../../kit/context.ts";
import { asGuestkitError, GuestkitError } from "../../../kit/errors.ts";
import { fits, isPattern } from "../../../kit/glob.ts";
import { look } from "../../../lifecycle/look/look.ts";
import { machineFolder } from "../../../machine/folder.ts";
import { listMachines } from "../../../machine/list.ts";
import { readMark } from "../../../machine/mark.ts";
import { type MachineMemory, readMemory } from "../../../machine/memory.ts";
import { knownMachine } from "../known.ts";
import type { MachineVerb } from "./verbs.ts";

/** Which machines are meant. What is empty restricts nothing; what is not must hold together. */
export interface Selection {
  /** Names, or patterns of names: one of them fits. */
  readonly names: readonly string[];
  /** Labels and patterns of their values: each fits. */
  readonly labels: Readonly<Record<string, string>>;
  /** States as vm list tells them: one of them is the machine's. */
  readonly statuses: readonly string[];
}

/**
 * The names of the machines that are meant, sorted; a disposable one is somebody else's, and must be named. Throws `E_MACHINE_UNKNOWN` for a name that is no pattern where there
 * is no such machine: that is a slip of the pen, and no empty set.
 */
export async function selectMachines(selection: Selection, context: Context): Promise<readonly string[]> {
  for (const name of selection.names) if (!isPattern(name)) await knownMachine({ name }, context);
  const all = await listMachines(context.settings);
  const named = all.filter((name) => fitsOne(selection.names, name));
  const meant = await Promise.all(named.map((name) => isMeant(name, selection, context)));
  return named.filter((_, at) => meant[at]);
}

/** What cannot be undone is not done to all machines because a selection was forgotten. */
const IRREVOCABLE: readonly string[] = ["vm_destroy", "vm_recycle", "vm_rename", "vm_snapshot_revert"];

/** Throws `E_FOREACH_ALL` where machines are to be destroyed, or the like, and nothing says which. */
export function demandSelection({ word, contract }: MachineVerb, { names, labels, statuses }: Selection): void {
  const isSelected = names.length > 0 || statuses.length > 0 || Object.keys(labels).length > 0;
  if (isSelected || !IRREVOCABLE.includes(contract.name)) return;
  throw new GuestkitError("E_FOREACH_ALL", `Cannot ${word} all machines: that they are meant is not said`, {
    help: `See what it would do with --dry-run, then select them: guestkit vm foreach --select '*' ${word}`,
  });
}

const fitsOne = (patterns: readonly string[], word: string): boolean =>
  patterns.length === 0 || patterns.some((each) => fits(each, word));

/** A folder without a record holds no machine; one with a damaged record is one whose verb will tell so. */
async function isMeant(name: string, { names, labels, statuses }: Selection, context: Context): Promise<boolean> {
  const folder = machineFolder(name, context.settings);
  if (!names.includes(name) && (await readMark(folder))) return false;
  try {
    const memory = await readMemory(folder);
    if (!memory || !hasLabels(memory, labels)) return false;
    return statuses.length === 0 || statuses.includes((await look(folder, context)).status);
  } catch (error) {
    context.signal.throwIfAborted();
    return (
      Object.keys(labels).length === 0 && (statuses.length === 0 || statuses.includes(asGuestkitError(error).code))
    );
  }
}

function hasLabels({ machine }: MachineMemory, wanted: Selection["labels"]): boolean {
  return Object.entries(wanted).every(([key, pattern]) => {
    const value = Object.hasOwn(machine.labels, key) ? machine.labels[key] : undefined;
    return value !== undefined && fits(pattern, value);
  });
}
