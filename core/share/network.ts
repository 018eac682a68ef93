import { type Machine, networksOf } from "../machine/machine.ts";
import { forwardsToChannels } from "../qemu/channel.ts";
import { userShareAddress } from "../qemu/options/user-subnet.ts";

/** The network whose guest reaches channels, and their address in it; null without one. */
export function channelNetwork(machine: Machine): { readonly key: string; readonly address: string } | null {
  const [key, network] = Object.entries(networksOf(machine))
    .filter(([, { kind }]) => kind === "user")
    .toSorted(([a], [b]) => (a < b ? -1 : 1))[0] ?? [null, null];
  return key === null ? null : { key, address: userShareAddress(network.addresses) };
}

/** What a `-netdev user` is told of channels, where they are this network's. */
export function channelRules(key: string, machine: Machine, sockets: string): string[] {
  const found = channelNetwork(machine);
  return found?.key === key ? forwardsToChannels(found.address, sockets) : [];
}
