import { isIPv4 } from "node:net";

/** Who is who in the subnet of a declared address; QEMU's own 10.0.2.0/24 where there is none. */
export function userGateway(addresses: readonly string[]): { gateway: string; dns: string } | null {
  const own = addresses.map(parse).find((each) => each !== null);
  if (!own) return null;
  const free = [1, 2, 3].map((host) => own.network + host).filter((each) => each !== own.address);
  return { gateway: spell(free[0] ?? 0), dns: spell(free[1] ?? 0) };
}

/** Where servers of shares are reached in the subnet: its last address, the one before where that is the guest's own. */
export function userShareAddress(addresses: readonly string[]): string {
  const own = addresses.map(parse).find((each) => each !== null) ?? QEMU_SUBNET;
  const last = own.network + 2 ** (32 - own.prefix) - 2;
  return spell(last === own.address ? last - 1 : last);
}

/** What QEMU is told where an address is declared. */
export function subnet(addresses: readonly string[]): Record<string, string> {
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

/** 10.0.2.15/24, as QEMU gives it out by itself. */
const QEMU_SUBNET: Address = { address: 0x0a00020f, prefix: 24, network: 0x0a000200 };

function parse(text: string): Address | null {
  const [host = "", length = ""] = text.split("/");
  const prefix = Number(length);
  if (!isIPv4(host) || !/^\d+$/.test(length) || prefix < 8 || prefix > 29) return null;
  const address = host.split(".").reduce((sum, each) => sum * 256 + Number(each), 0);
  return { address, prefix, network: address - (address % 2 ** (32 - prefix)) };
}

const spell = (address: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
