import type { Tree } from "../../filesystem/tree.ts";
import { parseAssignments } from "../assignments.ts";
import { merge, type NetworkConfig, type NetworkInterface, withPrefix } from "./network.ts";

const FOLDER = "/etc/sysconfig/network-scripts";
/** Copies that editors and packages leave are passed over, as initscripts and wicked do it. */
const NAME = /^ifcfg-(.*[^~])(?<!\.(?:bak|orig|old|rpmnew|rpmorig|rpmsave|scpmbackup|swp))$/;

/** ifcfg files of Red Hat and its kin. */
export async function readIfcfg(tree: Tree): Promise<NetworkConfig | null> {
  const { files, interfaces } = await ifcfgIn(tree, FOLDER);
  return files.length > 0 ? { kind: "ifcfg", files, renderer: null, interfaces: merge(interfaces, tree) } : null;
}

/** The same of a folder, of SUSE as well. */
export async function ifcfgIn(tree: Tree, folder: string): Promise<Pick<NetworkConfig, "files" | "interfaces">> {
  const files: string[] = [];
  const interfaces: NetworkInterface[] = [];
  for (const name of await tree.names(folder)) {
    const own = NAME.exec(name)?.[1];
    const text = own === undefined ? null : await tree.readText(`${folder}/${name}`);
    if (own === undefined || text === null) continue;
    files.push(`${folder}/${name}`);
    interfaces.push(parseIfcfg(own, text));
  }
  return { files, interfaces };
}

/** `IPADDR`, `IPADDR2` and `IPADDR_x` with the length of their own; `name` is the file's, where it says no `DEVICE`. */
export function parseIfcfg(name: string, text: string): NetworkInterface {
  const all = parseAssignments(text);
  const yes = (key: string) => /^(?:yes|true|on|1)$/i.test(all.get(key) ?? "");
  const addresses: string[] = [];
  for (const [key, value] of all) {
    const more = /^IPADDR(.*)$/.exec(key)?.[1];
    const length = all.get(`PREFIX${more}`) ?? all.get(`PREFIXLEN${more}`) ?? all.get(`NETMASK${more}`);
    if (more !== undefined && value !== "") addresses.push(withPrefix(value, length));
    else if (key === "IPV6ADDR" || key === "IPV6ADDR_SECONDARIES")
      for (const each of value.split(/\s+/)) if (each !== "") addresses.push(each);
  }
  const dhcp = /dhcp|bootp/i.test(all.get("BOOTPROTO") ?? "") || yes("DHCPV6C");
  return { name: all.get("DEVICE") || name, dhcp, addresses };
}
