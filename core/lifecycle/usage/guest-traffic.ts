import type { MachineFolder } from "../../machine/folder.ts";
import { connectAgent } from "../../qemu/agent/index.ts";
import type { Traffic } from "./tap.ts";

/** What a guest says went through its cards; null where it has no agent, or that is busy. A guest may say anything. */
export async function guestTraffic(
  folder: MachineFolder,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Traffic | null> {
  try {
    await using agent = await connectAgent(folder.socket("agent"), { signal, timeoutMs });
    const interfaces = await agent.execute("guest-network-get-interfaces", {}, { signal, timeoutMs });
    const cards = interfaces.filter(({ name }) => name !== "lo").flatMap(({ statistics }) => statistics ?? []);
    return {
      received: total(cards.map((each) => each["rx-bytes"])),
      sent: total(cards.map((each) => each["tx-bytes"])),
    };
  } catch {
    signal.throwIfAborted();
    return null;
  }
}

/** Throws where it is no counter. */
function total(counters: readonly unknown[]): number {
  return counters.reduce<number>((sum, each) => {
    if (typeof each !== "number" || !Number.isSafeInteger(each) || each < 0) throw new TypeError("no counter");
    return sum + each;
  }, 0);
}
