import { isIPv4 } from "node:net";
import { byName } from "../../kit/by-name.ts";
import { GuestkitError } from "../../kit/errors.ts";
import { linkSockets } from "../../machine/links.ts";
import { type Network, networksOf } from "../../machine/machine.ts";
import { macOf } from "../../machine/macs.ts";
import { networkId } from "../../qemu/options/id.ts";
import { device, option, type Properties } from "../../qemu/options/option.ts";
import type { Slots } from "../../qemu/options/slots.ts";
import type { Card } from "./card.ts";
import type { Subject } from "./facts.ts";
import { userNetwork } from "./user-network.ts";

/** The host's end of a card, as a `-netdev`, by the declaration's `kind`. */
const KINDS: Readonly<Record<Network["kind"], (card: Card) => string>> = {
  user: (card) => userNetwork(card),
  passt: ({ id, subject }) => stream(id, subject.folder.socket(id), false),
  bridge: (card) => option("bridge", { id: card.id, br: needed(card, "bridge") }),
  tap: (card) => option("tap", { id: card.id, ifname: needed(card, "tap"), script: "no", downscript: "no" }),
  link: (card) => link(card),
  socket: (card) => option("socket", { id: card.id, mcast: group(card), localaddr: "127.0.0.1" }),
  stream: (card) => stream(card.id, needed(card, "path"), card.network.listen),
};

/** Options of a card by model: none carries a boot ROM, since nothing boots from the network. */
const MODELS: Readonly<Record<Network["model"], Properties>> = {
  "virtio-net-pci": { romfile: "" },
  e1000: { romfile: "" },
  e1000e: { romfile: "" },
  rtl8139: { romfile: "" },
};

export function networks(subject: Subject, slots: Slots): string[] {
  const { machine } = subject;
  return byName(networksOf(machine)).flatMap(([key, network]) => {
    const id = networkId(key);
    const mac = macOf(machine.name, key, network);
    const netdev = KINDS[network.kind]({ id, key, network, subject });
    const front = { id, netdev: id, mac, ...MODELS[network.model], ...slots.network() };
    return ["-netdev", netdev, ...device(network.model, front)];
  });
}

function stream(id: string, path: string, server: boolean): string {
  return option("stream", { id, server, "addr.type": "unix", "addr.path": path });
}

/**
 * Datagrams: neither side waits for the other, and each may go and come back. While the other end is paused and its queue
 * is full, QEMU 7.2 spins where net.unix.max_dgram_qlen is the kernel's own 10 (doctor tells); with systemd's 512 it waits.
 */
function link({ id, key, subject }: Card): string {
  const { own, peer } = linkSockets(subject.machine, key, subject.settings);
  return option("dgram", {
    id,
    "local.type": "unix",
    "local.path": own,
    "remote.type": "unix",
    "remote.path": peer,
  });
}

function group(card: Card): string {
  const text = needed(card, "group");
  const [address = "", port = ""] = text.split(":");
  const first = Number(address.split(".")[0]);
  if (isIPv4(address) && first >= 224 && first < 240 && /^\d+$/.test(port) && Number(port) < 65536) return text;
  throw new GuestkitError("E_NETWORK_GROUP", `Cannot join "${text}": it is no multicast address with a port`, {
    at: { field: ["networks", card.key, "group"] },
    help: 'Name one like "230.0.0.1:1234".',
  });
}

function needed({ key, network }: Card, field: "bridge" | "tap" | "group" | "path"): string {
  const value = network[field];
  if (value !== null && value !== "") return value;
  throw new GuestkitError("E_NETWORK_FIELD", `Cannot connect network "${key}": kind "${network.kind}" needs ${field}`, {
    at: { field: ["networks", key, field] },
    help: `Set ${field}.`,
  });
}
