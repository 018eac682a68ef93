import { copyFromGuest, copyToGuest, liveRun, reachMachine, type Via } from "@guestkit/core/machine";
import { EXIT, type Invocation } from "../../command/command.ts";
import { sidesOf } from "./sides.ts";

export async function run(invocation: Invocation): Promise<number> {
  const { flags, values, signal } = invocation;
  const { name, remote, local, out } = sidesOf(invocation);
  const reached = await reachMachine(name, signal);
  const options = { recursive: flags.has("recursive"), via: (values.via ?? "auto") as Via };
  const copy = out ? copyFromGuest : copyToGuest;
  const { machine, folder, context } = reached;
  await copy(machine, folder, await liveRun(reached), { local, remote }, options, context);
  return EXIT.done;
}
