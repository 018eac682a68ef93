import { asCallerPath } from "../../kit/caller-path.ts";
import type { Context } from "../../kit/context.ts";
import { templateWay } from "../../lifecycle/template/way-in.ts";
import type { Machine } from "../../machine/machine.ts";
import type { MachineDetails } from "../../machine/memory.ts";
import { chooseFor } from "../../preflight/index.ts";

export interface Chosen extends Pick<MachineDetails, "templateKey"> {
  readonly machine: Machine;
  /** Who logs in where the declaration does not say. */
  readonly sshUser: string | null;
}

const NO_SSH = { user: null, port: 22, private_key: null, network: null };

/** The declaration with what the user left open chosen by what the images tell. What was chosen once is kept. */
export async function choose(machine: Machine, context: Context): Promise<Chosen> {
  const own = machine.ssh ?? NO_SSH;
  const way = await templateWay(machine, context.settings);
  const ssh = {
    ...own,
    user: own.user ?? way.user,
    private_key: own.private_key ?? (way.key === null ? null : asCallerPath(way.key)),
  };
  const chosen = await chooseFor({ ...machine, ssh }, context);
  const user = chosen.ssh?.user ?? null;
  return {
    machine: { ...chosen, ssh: machine.ssh && { ...machine.ssh, user } },
    sshUser: user,
    templateKey: own.private_key === null ? way.key : null,
  };
}
