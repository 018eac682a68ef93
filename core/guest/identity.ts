import type { Tree } from "../filesystem/tree.ts";
import { parseAssignments } from "./assignments.ts";

/** Where elder systems, and OpenRC beside /etc/hostname, assign it. */
const ASSIGNED = ["/etc/sysconfig/network", "/etc/conf.d/hostname"];

/** The static host name (hostname(5)), or what other systems keep elsewhere; null where none is set. */
export async function readHostname(tree: Tree): Promise<string | null> {
  for (const path of ["/etc/hostname", "/etc/HOSTNAME"]) {
    const name = firstWord(await tree.readText(path));
    if (name) return name;
  }
  for (const path of ASSIGNED) {
    const values = parseAssignments((await tree.readText(path)) ?? "");
    const name = values.get("HOSTNAME") || values.get("hostname");
    if (name) return name;
  }
  return null;
}

/** machine-id(5): 32 hex digits; null where it is missing, empty or "uninitialized" as in an image for cloning. */
export async function readMachineId(tree: Tree): Promise<string | null> {
  const id = firstWord((await tree.readText("/etc/machine-id")) ?? (await tree.readText("/var/lib/dbus/machine-id")));
  return id && /^[0-9a-f]{32}$/.test(id) ? id : null;
}

function firstWord(text: string | null): string | null {
  const lines = (text ?? "").split("\n").map((line) => line.trim());
  return lines.find((line) => line !== "" && !line.startsWith("#")) ?? null;
}
