import type { Tree } from "../filesystem/tree.ts";

/** What can carry a network configuration out, by cloud-init's names for it. */
export type Renderer = "eni" | "netplan" | "networkd" | "network-manager" | "sysconfig";

const MARKS: readonly (readonly [Renderer, readonly string[]])[] = [
  ["netplan", ["/usr/sbin/netplan", "/usr/bin/netplan", "/sbin/netplan"]],
  ["networkd", ["/usr/lib/systemd/systemd-networkd", "/lib/systemd/systemd-networkd"]],
  ["network-manager", ["/usr/sbin/NetworkManager", "/usr/bin/NetworkManager", "/usr/bin/nmcli"]],
  ["eni", ["/usr/sbin/ifup", "/sbin/ifup"]],
  ["sysconfig", ["/etc/sysconfig/network-scripts/ifup-eth", "/usr/sbin/wicked", "/etc/sysconfig/network-scripts"]],
];

/** Those that are installed. */
export async function readRenderers(tree: Tree): Promise<readonly Renderer[]> {
  const found: Renderer[] = [];
  for (const [name, paths] of MARKS) if (await anyOf(tree, paths)) found.push(name);
  return found;
}

async function anyOf(tree: Tree, paths: readonly string[]): Promise<boolean> {
  for (const path of paths) if (await tree.resolve(path)) return true;
  return false;
}
