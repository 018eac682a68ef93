import { createHash } from "node:crypto";
import { isIPv4, isIPv6 } from "node:net";
import { join } from "node:path";
import type { Settings } from "../kit/context.ts";
import { GuestkitError } from "../kit/errors.ts";
import { machinesFolder } from "./folder.ts";
import { type Machine, type Network, networksOf } from "./machine.ts";

/**
 * A cable between two machines of one user. Each side computes everything from both names: neither knows, or waits for,
 * the other one's declaration.
 */
interface End {
  /** Names of both machines, sorted. */
  readonly pair: readonly [string, string];
  /** Which of them this machine is. */
  readonly side: 0 | 1;
  /** Cables between the same two are counted, in the order of their names on each side. */
  readonly cable: number;
}

/** The Unix sockets of both ends. Other users may not enter their folder: they can neither listen nor send. */
export interface LinkSockets {
  readonly folder: string;
  readonly own: string;
  readonly peer: string;
}

export function linkSockets(machine: Machine, key: string, settings: Settings): LinkSockets {
  const { pair, side, cable } = endOf(machine, key);
  const hash = createHash("sha256")
    .update([machinesFolder(settings), ...pair].join("\0"))
    .digest("hex");
  const folder = join(settings.runtimeDir, "links", hash.slice(0, 12));
  const socket = (of: 0 | 1) => join(folder, `${of === 0 ? "a" : "b"}${cable}.sock`);
  return { folder, own: socket(side), peer: socket(side === 0 ? 1 : 0) };
}

/** The networks of a machine that are links. */
export function linksOf(machine: Machine): readonly (readonly [key: string, network: Network])[] {
  return Object.entries(networksOf(machine))
    .filter(([, { kind }]) => kind === "link")
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
}

/**
 * The addresses of both ends of a link, with prefix length: a /30 of 10.208.0.0/12, by a digest of both names. A side that
 * declares its own addresses has those, and then tells nothing of its peer's.
 */
export function linkAddresses(machine: Machine, key: string): { own: string; peer: string | null } {
  const declared = networksOf(machine)[key]?.addresses[0];
  if (declared !== undefined) return { own: declared, peer: null };
  const { pair, side, cable } = endOf(machine, key);
  const digest = createHash("sha256")
    .update([...pair, cable].join("\0"))
    .digest();
  // 2^18 subnets of four addresses each.
  const subnet = (digest.readUInt32BE(0) % 2 ** 18) * 4;
  const spell = (host: number) => {
    const offset = subnet + host;
    return `10.${208 + (offset >> 16)}.${(offset >> 8) & 255}.${offset & 255}/30`;
  };
  return side === 0 ? { own: spell(1), peer: spell(2) } : { own: spell(2), peer: spell(1) };
}

/** Names for the guest's /etc/hosts: each peer on a link by its machine's name, without prefix length. */
export function hostsOf(machine: Machine): Record<string, string> {
  const hosts: Record<string, string> = {};
  for (const [key, { peer }] of linksOf(machine)) {
    const address = linkAddresses(machine, key).peer?.split("/")[0];
    if (peer !== null && address !== undefined && (isIPv4(address) || isIPv6(address))) hosts[peer] ??= address;
  }
  return hosts;
}

function endOf(machine: Machine, key: string): End {
  const peer = networksOf(machine)[key]?.peer ?? null;
  if (peer === null || peer === machine.name) throw noPeer(machine, key, peer);
  const cables = linksOf(machine).filter(([, network]) => network.peer === peer);
  const cable = cables.findIndex(([name]) => name === key);
  const isFirst = machine.name < peer;
  return { pair: isFirst ? [machine.name, peer] : [peer, machine.name], side: isFirst ? 0 : 1, cable };
}

function noPeer(machine: Machine, key: string, peer: string | null): GuestkitError {
  const why = peer === null ? "it names no peer" : "its peer is the machine itself";
  return new GuestkitError("E_NETWORK_PEER", `Cannot link network "${key}" of "${machine.name}": ${why}`, {
    at: { field: ["networks", key, "peer"] },
    help: "Name the machine at the other end, which names this one in turn.",
  });
}
