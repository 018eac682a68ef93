import type { Context } from "../../kit/context.ts";
import { setAutostart } from "../../machine/autostart.ts";
import { machineFolder } from "../../machine/folder.ts";
import { removeMachine, sweepFolder } from "../../machine/lifecycle/remove.ts";
import { killMachine } from "../../machine/lifecycle/stop.ts";
import { readMemory } from "../../machine/memory.ts";
import { demandNoDependants } from "../../machine/template/guard.ts";
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
