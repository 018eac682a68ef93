import { createHash } from "node:crypto";
import { type Machine, type Network, networksOf } from "./machine.ts";

/** The address of a machine's network: the declared one, or that of its names. */
export function macOf(machine: string, key: string, network: Network): string {
  return network.mac?.toLowerCase() ?? derivedMac(machine, key);
}

/** A hardware address in QEMU's own range, made of names: it is the same wherever the machine is made again. */
export function derivedMac(machine: string, key: string): string {
  const digest = createHash("sha256").update(`${machine}/${key}`).digest("hex");
  return ["52", "54", "00", digest.slice(0, 2), digest.slice(2, 4), digest.slice(4, 6)].join(":");
}

/** Hardware addresses by network. */
export function macsOf(machine: Machine): Record<string, string> {
  const entries = Object.entries(networksOf(machine));
  return Object.fromEntries(entries.map(([key, network]) => [key, macOf(machine.name, key, network)]));
}
