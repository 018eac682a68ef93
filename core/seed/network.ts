import { type Node, writeYaml } from "./yaml.ts";

/** How one interface of the guest gets its addresses. */
export interface SeedNetwork {
  readonly mac: string;
  readonly dhcp4: boolean;
  /** With prefix length: `10.0.0.2/24`, `fd00::2/64`. */
  readonly addresses: readonly string[];
  readonly gateway?: string | null;
  readonly nameservers?: readonly string[] | null;
}

/**
 * network-config of version 2. Interfaces are told by MAC address, so that the guest's own names for them stay; routes
 * are spelled so that cloud-init's every renderer takes them (`to: default` is netplan's alone).
 */
export function renderNetworkConfig(networks: readonly SeedNetwork[]): string {
  const ethernets = Object.fromEntries(networks.map((network, index) => [`net${index}`, ethernet(network)]));
  return writeYaml({ version: 2, ethernets });
}

function ethernet({ mac, dhcp4, addresses, gateway, nameservers }: SeedNetwork): Node {
  return {
    match: { macaddress: mac.toLowerCase() },
    dhcp4,
    addresses: addresses.length > 0 ? addresses : null,
    routes: gateway ? [{ to: gateway.includes(":") ? "::/0" : "0.0.0.0/0", via: gateway }] : null,
    nameservers: nameservers && nameservers.length > 0 ? { addresses: nameservers } : null,
  };
}
