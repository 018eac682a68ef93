import { readdir, readFile, readlink } from "node:fs/promises";

/**
 * Who has one of these files or sockets open (as /proc spells them: a path, `socket:[123]`): `machine "web" (process 12)`,
 * `process 12 (nginx)`; null where this user may not see it.
 */
export async function holderOf(targets: ReadonlySet<string>): Promise<string | null> {
  for (const pid of await readdir("/proc").catch(() => [])) {
    if (!/^\d+$/.test(pid)) continue;
    for (const fd of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
      if (targets.has(await readlink(`/proc/${pid}/fd/${fd}`).catch(() => ""))) return describe(pid);
    }
  }
  return null;
}

/** QEMU is told the machine's name. */
async function describe(pid: string): Promise<string> {
  const argv = (await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")).split("\0");
  const guest = /(?:^|,)guest=([^,]+)/.exec(argv[argv.indexOf("-name") + 1] ?? "")?.[1];
  if (guest !== undefined) return `machine "${guest}" (process ${pid})`;
  const command = await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "?");
  return `process ${pid} (${command.trim()})`;
}
