import { isIPv4 } from "node:net";
import { GuestkitError } from "../../kit/errors.ts";
import type { ForwardResult } from "../memory.ts";
import type { Card } from "./networks.ts";
import { option } from "./option.ts";

/** QEMU's own NAT. A declared IPv4 address is the one that it gives out by DHCP as well. */
export function userNetwork({ id, key, network, subject }: Card): string {
  const own = subject.facts.forwards.filter((forward) => forward.network === key);
  const base = option("user", { id, restrict: network.isolated || null, ...subnet(network.addresses) });
  return [base, ...own.map((forward) => `hostfwd=${hostForward(forward)}`)].join(",");
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

/** Who is who in the subnet of a declared address; QEMU's own 10.0.2.0/24 where there is none. */
export function userGateway(addresses: readonly string[]): { gateway: string; dns: string } | null {
  const own = addresses.map(parse).find((each) => each !== null);
  if (!own) return null;
  const free = [1, 2, 3].map((host) => own.network + host).filter((each) => each !== own.address);
  return { gateway: spell(free[0] ?? 0), dns: spell(free[1] ?? 0) };
}

function subnet(addresses: readonly string[]): Record<string, string> {
  const own = addresses.map(parse).find((each) => each !== null);
  const others = userGateway(addresses);
  if (!own || !others) return {};
  const net = `${spell(own.network)}/${own.prefix}`;
  return { net, host: others.gateway, dns: others.dns, dhcpstart: spell(own.address) };
}

interface Address {
  readonly address: number;
  readonly network: number;
  readonly prefix: number;
}

function parse(text: string): Address | null {
  const [host = "", length = ""] = text.split("/");
  const prefix = Number(length);
  if (!isIPv4(host) || !/^\d+$/.test(length) || prefix < 8 || prefix > 29) return null;
  const address = host.split(".").reduce((sum, each) => sum * 256 + Number(each), 0);
  return { address, prefix, network: address - (address % 2 ** (32 - prefix)) };
}

const spell = (address: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
