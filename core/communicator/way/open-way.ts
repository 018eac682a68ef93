import type { Context } from "../../kit/context.ts";
import { asGuestkitError, GuestkitError } from "../../kit/errors.ts";
import type { MachineFolder } from "../../machine/folder.ts";
import type { Machine } from "../../machine/machine.ts";
import type { Run } from "../../machine/run.ts";
import { connectAgent } from "../../qemu/agent/index.ts";
import { type SshTarget, sshTarget } from "../ssh/index.ts";
import { agentWay } from "./agent-way.ts";
import { sshWay } from "./ssh-way.ts";
import type { GuestWay, WayCommand } from "./way.ts";

export type Via = "auto" | "ssh" | "agent";

/** Where a running machine is reached. */
export interface Place {
  readonly machine: Machine;
  readonly folder: MachineFolder;
  readonly run: Pick<Run, "forwards">;
}

/** How long the agent is listened for (ms). */
const AGENT_MS = 15_000;
/** Errors of a login that was refused or not answered: nothing was run. */
export const NOT_IN = ["E_SSH_UNREACHABLE", "E_SSH_DENIED", "E_SSH"];

/**
 * Opens a way into a running guest: SSH, the agent, or what works of the two, SSH first. Throws `E_GUEST_NO_WAY` where
 * there is none, `E_AGENT_...`; a login is made by the first command alone.
 */
export async function openWay(place: Place, via: Via, context: Context): Promise<GuestWay> {
  const target = via === "agent" ? null : sshTarget(place.machine, place.folder, place.run);
  if (via === "ssh") return sshWay(target ?? demandTarget(place.machine));
  return target ? eitherWay(target, () => byAgent(place, context)) : await byAgent(place, context);
}

/** SSH; the agent from the moment on that SSH lets nobody in and an agent answers. */
function eitherWay(target: SshTarget, openAgent: () => Promise<GuestWay>): GuestWay {
  let chosen = sshWay(target);
  return {
    get kind() {
      return chosen.kind;
    },
    run: async (command) => {
      try {
        return await chosen.run(command);
      } catch (error) {
        const refused = chosen.kind === "ssh" && NOT_IN.includes(asGuestkitError(error).code);
        // Standard input that was handed on cannot be had again.
        if (!refused || command.inherit || isStream(command.input)) throw error;
        chosen = await openAgent().catch(() => Promise.reject(error));
        return await chosen.run(command);
      }
    },
    [Symbol.asyncDispose]: () => chosen[Symbol.asyncDispose](),
  };
}

const isStream = (input: WayCommand["input"]): boolean =>
  input !== undefined && typeof input !== "string" && !(input instanceof Uint8Array);

async function byAgent({ machine, folder }: Place, { signal }: Context): Promise<GuestWay> {
  return agentWay(machine.name, await connectAgent(folder.socket("agent"), { signal, timeoutMs: AGENT_MS }));
}

export function demandTarget({ name, ssh }: Machine): never {
  const port = ssh?.port ?? 22;
  throw new GuestkitError("E_GUEST_NO_WAY", `Cannot log in to "${name}": no forward leads to its port ${port}`, {
    at: { field: ["networks"] },
    help: `Declare a forward of a network to guest_port ${port}, or go by the agent.`,
  });
}
