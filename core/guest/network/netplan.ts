import type { Tree } from "../../filesystem/tree.ts";
import { flowList, yamlLines } from "../yaml.ts";
import { merge, type NetworkConfig, type NetworkInterface } from "./network.ts";

/** Later folders' files of one name take the place of earlier ones' (netplan(5)). */
const FOLDERS = ["/usr/lib/netplan", "/lib/netplan", "/etc/netplan", "/run/netplan"];
const KINDS = /^(?:ethernets|wifis|modems|bonds|bridges|vlans|tunnels|vrfs|dummy-devices)$/;

export async function readNetplan(tree: Tree): Promise<NetworkConfig | null> {
  const files = new Map<string, string>();
  for (const folder of FOLDERS) {
    for (const name of await tree.names(folder)) if (/^[^.].*\.yaml$/s.test(name)) files.set(name, `${folder}/${name}`);
  }
  const found: NetworkInterface[] = [];
  let renderer: string | null = null;
  for (const [, path] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const parsed = parseNetplan((await tree.readText(path)) ?? "");
    for (const each of parsed.interfaces) found.push(each);
    renderer = parsed.renderer ?? renderer;
  }
  if (files.size === 0) return null;
  return { kind: "netplan", files: [...files.values()].sort(), renderer, interfaces: merge(found, tree) };
}

/** As netplan, installers, cloud-init and people write it, in block or flow style. */
export function parseNetplan(text: string): Pick<NetworkConfig, "renderer" | "interfaces"> {
  const found = new Map<string, { dhcp: boolean; addresses: string[] }>();
  let renderer: string | null = null;
  for (const { keys, value } of yamlLines(text)) {
    const [top, kind = "", name, field, ...deeper] = keys;
    if (top !== "network") continue;
    if (kind === "renderer") renderer = value;
    if (!KINDS.test(kind) || name === undefined) continue;
    const each = found.get(name) ?? { dhcp: false, addresses: [] };
    found.set(name, each);
    if (deeper.length > 0) continue;
    if (/^dhcp[46]$/.test(field ?? "") && /^(?:true|yes|on)$/i.test(value)) each.dhcp = true;
    for (const address of field === "addresses" ? flowList(value) : []) each.addresses.push(address);
  }
  return { renderer, interfaces: [...found].map(([name, each]) => ({ name, ...each })) };
}
