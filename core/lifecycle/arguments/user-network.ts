import { isIPv4 } from "node:net";
import { GuestkitError } from "../../kit/errors.ts";
import type { ForwardResult } from "../../machine/memory.ts";
import { option } from "../../qemu/options/option.ts";
import { subnet } from "../../qemu/options/user-subnet.ts";
import { channelRules } from "../../share/network.ts";
import type { Card } from "./card.ts";

/** QEMU's own NAT. A declared IPv4 address is the one that it gives out by DHCP as well. */
export function userNetwork({ id, key, network, subject }: Card): string {
  const own = subject.facts.forwards.filter((forward) => forward.network === key);
  const base = option("user", { id, restrict: network.isolated || null, ...subnet(network.addresses) });
  const channels = channelRules(key, subject.machine, subject.folder.sockets);
  return [base, ...own.map((forward) => `hostfwd=${hostForward(forward)}`), ...channels].join(",");
}

/**
 * A forward as QEMU writes it, in arguments and in the monitor's `hostfwd_add`. Throws `E_FORWARD_ADDRESS`: QEMU listens on
 * IPv4 addresses alone.
 */
export function hostForward({ protocol, host_address, host_port, guest_port, name }: ForwardResult): string {
  if (isIPv4(host_address)) return `${protocol}:${host_address}:${host_port}-:${guest_port}`;
  throw new GuestkitError("E_FORWARD_ADDRESS", `Cannot forward "${name}": "${host_address}" is no IPv4 address`, {
    help: 'Listen on "127.0.0.1" or "0.0.0.0"; for IPv6 use a network of kind "passt".',
  });
}
