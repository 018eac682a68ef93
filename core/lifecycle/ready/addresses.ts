import type { Context } from "../../kit/context.ts";
import type { MachineFolder } from "../../machine/folder.ts";
import { type Machine, networksOf } from "../../machine/machine.ts";
import { connectAgent } from "../../qemu/agent/index.ts";

/** For an agent that has answered before (ms). */
const ANSWER = 10_000;

/** What the guest's agent tells of its addresses, without loopback and link-local ones; null where it does not answer. */
export async function agentAddresses(
  folder: Pick<MachineFolder, "socket">,
  { signal }: Pick<Context, "signal">,
): Promise<readonly string[] | null> {
  try {
    await using agent = await connectAgent(folder.socket("agent"), { signal, timeoutMs: ANSWER });
    const found = await agent.interfaces({ signal, timeoutMs: ANSWER });
    return found.flatMap(({ name, addresses }) =>
      name === "lo" ? [] : addresses.map(({ address }) => address).filter((address) => !isLocal(address)),
    );
  } catch {
    signal.throwIfAborted();
    return null;
  }
}

export function declaredAddresses(machine: Machine): readonly string[] {
  return Object.values(networksOf(machine)).flatMap(({ addresses }) =>
    addresses.map((address) => address.split("/")[0] ?? address),
  );
}

const isLocal = (address: string): boolean => /^(127\.|::1$|fe80:|169\.254\.)/i.test(address);
