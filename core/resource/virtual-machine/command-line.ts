import type { Context } from "../../kit/context.ts";
import { describeLaunch } from "../../lifecycle/launch/launch.ts";
import { withSeed } from "../../lifecycle/start.ts";
import { effectiveMachine } from "../../machine/disks/effective.ts";
import type { MachineFolder } from "../../machine/folder.ts";
import type { MachineMemory } from "../../machine/memory.ts";
import type { Run } from "../../machine/run.ts";
import { chooseAccelerator } from "../../qemu/accelerator/index.ts";

/** QEMU and its arguments as a machine runs, or would be started; empty where something that a start needs is missing. */
export async function commandLine(
  { machine, details }: MachineMemory,
  running: Run | null,
  folder: MachineFolder,
  context: Context,
): Promise<readonly string[]> {
  if (running) return [running.program, ...running.argv];
  const { accelerator } = await chooseAccelerator(context);
  const { machineType, forwards } = details;
  try {
    const effective = await effectiveMachine(machine, context.settings);
    const options = { accelerator, kept: { machineType, forwards } };
    const { program, argv } = await describeLaunch(withSeed(effective, folder), folder, options, context);
    return [program, ...argv];
  } catch {
    return [];
  }
}
