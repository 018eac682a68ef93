import { createHash } from "node:crypto";
import { type Machine, type Network, networksOf } from "./machine.ts";

/** A hardware address in QEMU's own range, made of names: it is the same wherever the machine is made again. */
export function macOf(machine: string, key: string, network: Network): string {
  if (network.mac !== null) return network.mac.toLowerCase();
  const digest = createHash("sha256").update(`${machine}/${key}`).digest("hex");
  return ["52", "54", "00", digest.slice(0, 2), digest.slice(2, 4), digest.slice(4, 6)].join(":");
}

/** Hardware addresses by network. */
export function macsOf(machine: Machine): Record<string, string> {
  const entries = Object.entries(networksOf(machine));
  return Object.fromEntries(entries.map(([key, network]) => [key, macOf(machine.name, key, network)]));
}
