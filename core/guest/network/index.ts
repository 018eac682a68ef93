import type { Tree } from "../../filesystem/tree.ts";
import { readDhcpcd } from "./dhcpcd.ts";
import { readIfcfg } from "./ifcfg.ts";
import { readIfupdown } from "./ifupdown.ts";
import { readNetctl } from "./netctl.ts";
import { readNetifrc } from "./netifrc.ts";
import { readNetplan } from "./netplan.ts";
import type { NetworkConfig } from "./network.ts";
import { readNetworkManager } from "./network-manager.ts";
import { readNetworkd } from "./networkd.ts";
import { readUci } from "./uci.ts";
import { readWicked } from "./wicked.ts";

export type { NetworkConfig } from "./network.ts";

/** Every kind of network configuration that a system has files of. */
export async function readNetwork(tree: Tree): Promise<readonly NetworkConfig[]> {
  const readers = [
    ...[readIfupdown, readNetplan, readNetworkd, readNetworkManager, readIfcfg, readWicked, readDhcpcd],
    ...[readUci, readNetifrc, readNetctl],
  ];
  const found: NetworkConfig[] = [];
  for (const read of readers) {
    const config = await read(tree);
    if (config) found.push(config);
  }
  return found;
}
