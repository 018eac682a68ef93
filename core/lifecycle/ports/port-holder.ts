import { readFile } from "node:fs/promises";
import { holderOf } from "../../qemu/process/process-holder.ts";

const LISTENING = "0A";

/** Who listens on a port of this host (qemu/process/process-holder.ts); null where this user may not see it. */
export async function holderOfPort(protocol: "tcp" | "udp", port: number): Promise<string | null> {
  const inodes = new Set<string>();
  for (const table of [protocol, `${protocol}6`]) {
    const text = await readFile(`/proc/net/${table}`, "latin1").catch(() => "");
    for (const line of text.split("\n").slice(1)) {
      const [, local = "", , state, , , , , , inode = ""] = line.trim().split(/\s+/);
      const isOpen = protocol === "udp" || state === LISTENING;
      if (isOpen && Number.parseInt(local.split(":")[1] ?? "", 16) === port) inodes.add(`socket:[${inode}]`);
    }
  }
  return inodes.size === 0 ? null : holderOf(inodes);
}
