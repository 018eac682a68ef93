import type { Tree } from "../../filesystem/tree.ts";

type NetworkKind =
  | ("ifupdown" | "netplan" | "networkd" | "networkmanager" | "ifcfg")
  | ("wicked" | "dhcpcd" | "uci" | "netifrc" | "netctl");

/** What one of the ways to configure networks says; a subset: names, addresses, and whether they come by DHCP. */
export interface NetworkConfig {
  readonly kind: NetworkKind;
  /** Files in the guest that were read. */
  readonly files: readonly string[];
  /** Who carries netplan's configuration out; null where it is not said. */
  readonly renderer: string | null;
  readonly interfaces: readonly NetworkInterface[];
}

export interface NetworkInterface {
  /** As written: an interface's name or a pattern of names. */
  readonly name: string;
  readonly dhcp: boolean;
  /** As written, with or without a prefix length. */
  readonly addresses: readonly string[];
}

/**
 * The same interface said twice (IPv4 and IPv6) as one. A file may name many interfaces and many addresses, and each of the
 * ones has all of the others: what comes out is charged. Throws `E_BUDGET_ENTRIES`.
 */
export function merge(
  found: readonly NetworkInterface[],
  { budget }: Pick<Tree, "budget">,
): readonly NetworkInterface[] {
  const merged = new Map<string, { dhcp: boolean; readonly addresses: string[] }>();
  for (const { name, dhcp, addresses } of found) {
    budget.spend("entries", 1 + addresses.length);
    const known = merged.get(name) ?? { dhcp: false, addresses: [] };
    merged.set(name, known);
    known.dhcp ||= dhcp;
    for (const address of addresses) known.addresses.push(address);
  }
  return [...merged].map(([name, each]) => ({ name, ...each }));
}

/** An address with a prefix length, or a mask of IPv4 that is one; as it is where it has one of its own. */
export function withPrefix(address: string, length: string | undefined): string {
  if (address.includes("/") || length === undefined) return address;
  const prefix = /^\d{1,3}$/.test(length) ? Number(length) : prefixOf(length);
  return prefix === null ? address : `${address}/${prefix}`;
}

/** Of `255.255.255.0`; null where it is no mask. */
function prefixOf(mask: string): number | null {
  const bytes = /^\d{1,3}(?:\.\d{1,3}){3}$/.test(mask) ? mask.split(".").map(Number) : [];
  const bits = bytes.map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return /^1*0*$/.test(bits) && bits.length === 32 ? bits.lastIndexOf("1") + 1 : null;
}
