import type { Context } from "../../kit/context.ts";
import { setAutostart } from "../../lifecycle/autostart.ts";
import { removeMachine, sweepFolder } from "../../lifecycle/remove.ts";
import { killMachine } from "../../lifecycle/stop.ts";
import { demandNoDependants } from "../../lifecycle/template/guard.ts";
import { machineFolder } from "../../machine/folder.ts";
import { readMemory } from "../../machine/memory.ts";
import { protectedMachine } from "./guard.ts";

/** Removes the machine and what is its own. Throws `E_MACHINE_PROTECTED`, `E_TEMPLATE_USED`, `E_BASE_HAS_OVERLAYS`. */
export async function remove(id: string, context: Context): Promise<void> {
  const folder = machineFolder(id, context.settings);
  const memory = await readMemory(folder);
  if (memory?.machine.delete_protection) throw protectedMachine(id, "delete");
  if (memory) {
    await demandNoDependants(memory.machine, folder, "delete", context.settings);
    return removeMachine(memory, folder, context);
  }
  // What a removal left that was stopped half-way.
  await killMachine(folder);
  await setAutostart(id, false);
  await sweepFolder(folder);
}
