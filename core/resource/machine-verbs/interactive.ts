/** What the command line's own verbs of machines need: a terminal plays no part in a contract. */
import { resolveSettings } from "../../host/settings.ts";
import type { Context, Progress } from "../../kit/context.ts";
import { GuestkitError } from "../../kit/errors.ts";
import { connectMachine, look } from "../../lifecycle/look/look.ts";
import type { MachineFolder } from "../../machine/folder.ts";
import type { Machine } from "../../machine/machine.ts";
import { withWayIn } from "../../machine/memory.ts";
import type { Run } from "../../machine/run.ts";
import { knownMachine } from "./known.ts";

export {
  copyFromGuest,
  copyToGuest,
  demandSsh,
  demandTarget,
  execInGuest,
  type Guest,
  type GuestResult,
  guestAnswer,
  guestBehind,
  guestHere,
  joinGuest,
  NOT_IN,
  rsync,
  runScript,
  type Via,
} from "../../communicator/index.ts";
export { clientArguments, destination, isPinned, sshConfig, sshTarget } from "../../communicator/ssh/index.ts";
export { type DisposableOptions, type DisposablePlace, sharesOf, withDisposable } from "../../disposable/index.ts";
export { streamProgram } from "../../host/program/stream-program.ts";
export { writeWhole } from "../../host/whole-file.ts";
export type { Usage } from "../../lifecycle/usage/usage.ts";
export { ConsoleLines } from "../../qemu/log/console-text.ts";
export { FileFollower } from "../../qemu/log/follow.ts";
export { DEFAULT_TIMEOUT, defaultParallel } from "./foreach/defaults.ts";
export { forEachMachine } from "./foreach/each.ts";
export { type ForEachResult, summaryOf } from "./foreach/result.ts";
export { demandSelection, selectMachines } from "./foreach/select.ts";
export { type MachineVerb, machineVerbs, withoutName } from "./foreach/verbs.ts";
export { Meters } from "./usage.ts";

/** A machine that a verb goes to. */
export interface Reached {
  /** The declaration, with the user who logs in. */
  readonly machine: Machine;
  readonly folder: MachineFolder;
  readonly context: Context;
}

/** Throws `E_MACHINE_UNKNOWN`. */
export async function reachMachine(
  name: string,
  signal: AbortSignal,
  progress: (event: Progress) => void = () => {},
): Promise<Reached> {
  const context: Context = { signal, progress, settings: resolveSettings() };
  const { folder, memory } = await knownMachine({ name }, context);
  return { machine: withWayIn(memory, folder), folder, context };
}

/**
 * The start that it runs from. A frozen guest answers nobody: it counts where `frozen` says so. Throws
 * `E_MACHINE_STOPPED`.
 */
export async function liveRun({ machine: { name }, folder, context }: Reached, frozen = false): Promise<Run> {
  const { status, run } = await look(folder, context);
  const isThere = status !== "stopped" && status !== "crashed" && (frozen || status !== "paused");
  if (run && isThere) return run;
  throw new GuestkitError("E_MACHINE_STOPPED", `Cannot reach "${name}": it is ${status}`, {
    help: `guestkit vm ${status === "paused" ? "resume" : "up"} ${name}`,
  });
}

/** Throws `E_CONSOLE_BUSY`: QEMU serves one at its console, and lets a second one wait without a word. */
export async function demandFreeConsole({ machine: { name }, folder, context }: Reached): Promise<void> {
  await using qmp = await connectMachine(folder, context);
  const console = (await qmp.execute("query-chardev")).find(({ label }) => label === "console");
  if (console === undefined || console.filename.startsWith("disconnected:")) return;
  throw new GuestkitError("E_CONSOLE_BUSY", `Cannot open the console of "${name}": somebody is at it already`, {
    help: `Look on with: guestkit vm logs --follow ${name}`,
  });
}
