import type { Context } from "../../kit/context.ts";
import type { Machine } from "../../machine/machine.ts";
import { chooseFor } from "../../machine/preflight/index.ts";

export interface Chosen {
  readonly machine: Machine;
  /** Who logs in where the declaration does not say. */
  readonly sshUser: string | null;
}

/** The declaration with what the user left open chosen by what the images tell. What was chosen once is kept. */
export async function choose(machine: Machine, context: Context): Promise<Chosen> {
  const ssh = machine.ssh ?? { user: null, port: 22, private_key: null, network: null };
  const chosen = await chooseFor({ ...machine, ssh }, context);
  return { machine: { ...chosen, ssh: machine.ssh && chosen.ssh }, sshUser: chosen.ssh?.user ?? null };
}
