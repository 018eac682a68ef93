/** What one of the ways to configure networks says; a subset: names, addresses, and whether they come by DHCP. */
export interface NetworkConfig {
  readonly kind: "ifupdown" | "netplan" | "networkd" | "networkmanager";
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

/** The same interface said twice (IPv4 and IPv6) as one. */
export function merge(found: readonly NetworkInterface[]): readonly NetworkInterface[] {
  const merged = new Map<string, NetworkInterface>();
  for (const { name, dhcp, addresses } of found) {
    const before = merged.get(name);
    merged.set(name, {
      name,
      dhcp: dhcp || (before?.dhcp ?? false),
      addresses: [...(before?.addresses ?? []), ...addresses],
    });
  }
  return [...merged.values()];
}
