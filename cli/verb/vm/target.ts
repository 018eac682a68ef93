import type { SshTarget } from "@guestkit/core/kit";
import {
  demandTarget,
  type Guest,
  guestBehind,
  guestHere,
  liveRun,
  reachMachine,
  sshTarget,
} from "@guestkit/core/machine";
import type { Invocation } from "../../command/command.ts";
import { hostOf } from "../../command/host.ts";

/** How one logs in to a machine, of this host or of the one that is named. */
export async function targetOf(invocation: Invocation, name: string): Promise<SshTarget> {
  const host = hostOf(invocation);
  if (host !== null) return await farTarget(host, name, { signal: invocation.signal, frozen: true });
  const reached = await reachMachine(name, invocation.signal);
  return sshTarget(reached.machine, reached.folder, await liveRun(reached, true)) ?? demandTarget(reached.machine);
}

/** A running machine that things are brought into and out of. */
export async function guestOf(invocation: Invocation, name: string): Promise<Guest> {
  const host = hostOf(invocation);
  if (host !== null) return guestBehind(await farTarget(host, name, { signal: invocation.signal }));
  const reached = await reachMachine(name, invocation.signal);
  const { machine, folder } = reached;
  return guestHere({ machine, folder, run: await liveRun(reached) });
}

const farTarget: FarTarget = async (...asked) => (await import("./far-target.ts")).farTarget(...asked);

type FarTarget = typeof import("./far-target.ts").farTarget;
