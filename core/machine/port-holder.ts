import { readdir, readFile, readlink } from "node:fs/promises";

const LISTENING = "0A";

/** `process 123 (nginx)`: who listens on a port of this host; null where this user may not see it. */
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
  return inodes.size === 0 ? null : processWith(inodes);
}

async function processWith(sockets: ReadonlySet<string>): Promise<string | null> {
  for (const pid of await readdir("/proc").catch(() => [])) {
    if (!/^\d+$/.test(pid)) continue;
    for (const fd of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
      if (!sockets.has(await readlink(`/proc/${pid}/fd/${fd}`).catch(() => ""))) continue;
      const command = await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "?");
      return `process ${pid} (${command.trim()})`;
    }
  }
  return null;
}
