import { PRIVILEGE_HELP, type StepResult } from "../../communicator/provision/index.ts";
import type { Context, Settings } from "../../kit/context.ts";
import { asGuestkitError, GuestkitError } from "../../kit/errors.ts";
import { bootOrder } from "../../machine/disks/boot-order.ts";
import { effectiveMachine } from "../../machine/disks/effective.ts";
import type { MachineFolder } from "../../machine/folder.ts";
import { type Machine, timeoutsOf } from "../../machine/machine.ts";
import { type MachineMemory, withWayIn } from "../../machine/memory.ts";
import { readRun } from "../../machine/run.ts";
import { bringUp, pauseMachine } from "../bring-up.ts";
import { look, type Status } from "../look/look.ts";
import { stopMachine } from "../stop.ts";
import { runLines } from "./commands.ts";

/** Why a machine is not upgraded; null where it is to be. */
export async function upgradeSkipped({ machine }: MachineMemory, settings: Settings): Promise<string | null> {
  if (machine.upgrade_command === null) return "no upgrade_command is declared";
  if (machine.snapshot_mode) return "snapshot_mode: what is written to its disks is forgotten when it stops";
  const { disks } = await effectiveMachine(machine, settings);
  const [key, disk] = rootDisk(disks) ?? [];
  if (disk?.own !== "fresh") return null;
  const { template_vm: template, base } = machine;
  const instead = template ?? base;
  return `its disk "${key}" is made anew at every start${instead === null ? "" : `: upgrade "${instead}" instead`}`;
}

/** The disk that the system is on: the one of that name, else the first that the firmware would boot. */
function rootDisk(disks: Machine["disks"]) {
  const written = bootOrder(disks).filter(([, { read_only }]) => !read_only);
  return written.find(([key]) => key === "root") ?? written[0];
}

/**
 * Runs the upgrade command as root, and puts the machine back as it was: one that stood still is started for it and stopped
 * again, a paused one is paused again; also where it fails or is interrupted. Gives the end of what the command printed.
 * Throws `E_UPGRADE_FAILED`, and what starting and the way into the guest say.
 * @param timeout seconds that the command has
 */
export async function upgradeMachine(
  memory: MachineMemory,
  folder: MachineFolder,
  timeout: number,
  context: Context,
): Promise<string> {
  const { status } = await look(folder, context);
  try {
    const current = await bringUp(memory, folder, context);
    return await runUpgrade(withWayIn(current, folder), folder, timeout, context);
  } finally {
    await putBack(status, memory, folder, context);
  }
}

async function runUpgrade(machine: Machine, folder: MachineFolder, timeout: number, context: Context): Promise<string> {
  const run = await readRun(folder);
  if (!run) throw upgradeFailed(machine, ["it does not run any more"]);
  const lines = [machine.upgrade_command ?? ""];
  const result = await runLines(machine, "upgrade_command", lines, timeout, { folder, run, context }).catch((error) => {
    if (asGuestkitError(error).code !== "E_GUEST_TIMEOUT") throw error;
    throw upgradeFailed(machine, [`it took longer than ${timeout} s`], "Give it more time: --timeout SECONDS.");
  });
  if (result.exitCode === 0) return result.said.join("\n");
  throw upgradeFailed(machine, [`exit code ${result.exitCode}`, ...result.said], helpFor(machine, result));
}

const helpFor = ({ name }: Machine, { lacksPrivilege }: StepResult): string =>
  lacksPrivilege ? PRIVILEGE_HELP : `Look inside: guestkit vm up ${name} && guestkit vm ssh ${name}`;

function upgradeFailed({ name }: Machine, said: readonly string[], help?: string): GuestkitError {
  const message = `Cannot upgrade "${name}": ${said.join("\n")}`;
  return new GuestkitError("E_UPGRADE_FAILED", message, { at: { field: ["upgrade_command"] }, ...(help && { help }) });
}

/** Also after an interruption, which is no reason to leave a machine running that nobody had started. */
async function putBack(before: Status, { machine }: MachineMemory, folder: MachineFolder, context: Context) {
  const calm: Context = { ...context, signal: new AbortController().signal };
  if (before === "stopped" || before === "crashed") await stopMachine(folder, timeoutsOf(machine), calm);
  if (before !== "paused" || (await look(folder, calm)).status !== "running") return;
  await pauseMachine(folder, calm);
}
