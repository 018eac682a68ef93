import { type SshTarget, sshTarget } from "../../communicator/ssh/index.ts";
import type { Context } from "../../kit/context.ts";
import { look } from "../../lifecycle/look/look.ts";
import { forwardsOf } from "../../lifecycle/ways.ts";
import { leadsOut, machineFolder } from "../../machine/folder.ts";
import { readMemory, withWayIn } from "../../machine/memory.ts";

/** Running or not: as it would be logged in to once it runs. */
export async function wayIn(id: string, context: Context): Promise<SshTarget | null> {
  if (leadsOut(id)) return null;
  const folder = machineFolder(id, context.settings);
  const memory = await readMemory(folder);
  if (!memory) return null;
  const forwards = forwardsOf(memory, await look(folder, context));
  return sshTarget(withWayIn(memory, folder), folder, { forwards });
}
