import { PRIVILEGE_HELP, runStep, type StepOptions, type StepResult } from "../../communicator/provision/index.ts";
import type { Context } from "../../kit/context.ts";
import { asGuestkitError, GuestkitError } from "../../kit/errors.ts";
import { timerMs } from "../../kit/timer.ts";
import type { MachineFolder } from "../../machine/folder.ts";
import type { Machine, ProvisionStep } from "../../machine/machine.ts";
import { type MachineMemory, withWayIn } from "../../machine/memory.ts";
import type { Run } from "../../machine/run.ts";

/** Fields with lines that are run in the guest as root. */
export type CommandsField = "startup_commands" | "shutdown_commands" | "upgrade_command";

/** Seconds; as a provisioning step has them that says nothing. */
const STARTUP = 1800;

/** Runs lines of a shell script as root, by SSH or agent; the first one that fails ends it. What `runStep` gives and throws. */
export async function runLines(
  machine: Machine,
  field: CommandsField,
  lines: readonly string[],
  timeout: number,
  options: StepOptions,
): Promise<StepResult> {
  return await runStep(machine, stepOf(field, lines, timeout), field.replace("_", " "), options);
}

const stepOf = (name: string, inline: readonly string[], timeout: number): ProvisionStep => ({
  ...{ name, inline, file: null, environment: {}, secret_environment: null },
  ...{ via: "auto", user: null, when: "always", timeout },
});

/** What is done at every start, when the machine is ready and provisioned. Throws `E_STARTUP_FAILED`. */
export async function runStartupCommands(machine: Machine, options: StepOptions): Promise<void> {
  const { name, startup_commands: lines } = machine;
  if (lines.length === 0) return;
  const result = await runLines(machine, "startup_commands", lines, STARTUP, options).catch((error) => {
    if (asGuestkitError(error).code !== "E_GUEST_TIMEOUT") throw error;
    throw startupFailed(name, [`they took longer than ${STARTUP} s`], "Let what goes on go to the background.");
  });
  if (result.exitCode === 0) return;
  const help = result.lacksPrivilege ? PRIVILEGE_HELP : `Look inside (guestkit vm ssh ${name}), then apply again.`;
  throw startupFailed(name, [`they ended with exit code ${result.exitCode}`, ...result.said], help);
}

function startupFailed(name: string, said: readonly string[], help: string): GuestkitError {
  const message = `Cannot bring up "${name}": startup_commands failed: ${said.join("\n")}`;
  return new GuestkitError("E_STARTUP_FAILED", message, { at: { field: ["startup_commands"] }, help });
}

/**
 * What is done before the guest is asked to shut down. Whatever goes wrong is told as a warning, and ends after `ms`:
 * the machine stops all the same. Throws the signal's reason alone.
 */
export async function runShutdownCommands(
  memory: MachineMemory,
  folder: MachineFolder,
  run: Run,
  ms: number,
  context: Context,
): Promise<void> {
  const machine = withWayIn(memory, folder);
  const { shutdown_commands: lines } = machine;
  if (lines.length === 0) return;
  const limit = AbortSignal.timeout(timerMs(ms));
  const bounded = { ...context, signal: AbortSignal.any([context.signal, limit]) };
  try {
    const seconds = Math.ceil(ms / 1000) + 1;
    const result = await runLines(machine, "shutdown_commands", lines, seconds, { folder, run, context: bounded });
    if (result.exitCode !== 0) tell(context, [`failed with exit code ${result.exitCode}`, ...result.said].join("\n"));
  } catch (error) {
    context.signal.throwIfAborted();
    const why = limit.aborted ? `they took longer than ${ms / 1000} s` : asGuestkitError(error).message;
    tell(context, `did not run to their end: ${why}`);
  }
}

const tell = ({ progress }: Context, what: string): void =>
  progress({ phase: "warning: shutdown_commands", detail: what, warning: true });
