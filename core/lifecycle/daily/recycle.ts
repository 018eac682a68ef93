import { demandSecrets } from "../../communicator/provision/index.ts";
import type { Context } from "../../kit/context.ts";
import { GuestkitError } from "../../kit/errors.ts";
import { effectiveMachine } from "../../machine/disks/effective.ts";
import type { MachineFolder } from "../../machine/folder.ts";
import { type Timeouts, timeoutsOf } from "../../machine/machine.ts";
import type { MachineMemory } from "../../machine/memory.ts";
import { bringUp } from "../bring-up.ts";
import { stopMachine } from "../stop.ts";
import { demandNoOverlays, demandTemplatesStill, filesWritten, hasOverlays } from "../template/guard.ts";
import { machinesOver } from "../template/leaning.ts";
import { throwAwayOwn } from "./throw-away.ts";

/**
 * Stops a machine, throws away what is its own, and brings it up as at its first start. Images that it only used stay.
 * Killed at any point, the same once more brings it to its end. Throws `E_MACHINE_PROTECTED`, `E_PROVISION_SECRETS`,
 * `E_TEMPLATE_RUNS` and `E_BASE_HAS_OVERLAYS` before anything is done, and what stopping and bringing up say.
 */
export async function recycleMachine(
  memory: MachineMemory,
  folder: MachineFolder,
  context: Context,
  timeouts: Timeouts = timeoutsOf(memory.machine),
): Promise<MachineMemory> {
  await demandRecyclable(memory, folder, context);
  await stopMachine(folder, timeouts, context);
  // It took its time: its template may have been started meanwhile.
  await demandRecyclable(memory, folder, context);
  context.progress({ phase: "throwing away what is its own" });
  const fresh = await throwAwayOwn(memory, folder);
  return await bringUp(fresh, folder, context);
}

/** Whatever would keep it from coming up again is told while it is still there. */
export async function demandRecyclable(
  { machine }: MachineMemory,
  folder: MachineFolder,
  { settings }: Context,
): Promise<void> {
  const { name, provision } = machine;
  if (machine.delete_protection) throw keptSafe(name);
  demandSecrets(machine, provision);
  const effective = await effectiveMachine(machine, settings);
  await demandTemplatesStill(effective, settings);
  const names = await machinesOver(await filesWritten(effective, folder), settings, { except: name });
  if (names.length > 0) throw hasOverlays("recycle", name, names);
  // Also those copies that a start would not write to (snapshot_mode) are thrown away.
  await demandNoOverlays(effective, folder, "recycle", settings);
}

function keptSafe(name: string): GuestkitError {
  return new GuestkitError("E_MACHINE_PROTECTED", `Cannot recycle "${name}": it has delete_protection`, {
    at: { field: ["delete_protection"] },
    help: "Set delete_protection to false and apply that first.",
  });
}
