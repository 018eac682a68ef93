import type { Key } from "../key.ts";
import { machine, notNeeded, type Outcome, partly, type Setting, translated, untranslated } from "../outcome.ts";

const lan = (field: string, value: Setting["value"]) => machine(["networks", "lan", field], value);
const FORWARD = /^hostfwd=(tcp|udp)?:([0-9A-Za-z.-]*):(\d{1,5})-([0-9A-Za-z.]*):(\d{1,5})$/;
const isPort = (text: string | undefined) => Number(text) >= 1 && Number(text) <= 65535;

interface Forward {
  readonly protocol: string;
  readonly address: string;
  readonly host: number;
  readonly guest: number;
}

function portMapping(value: string): Outcome {
  const parts = value
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "");
  const read = parts.map((part) => ({ part, forward: readForward(part) }));
  const forwards = unique(read.flatMap(({ forward }) => forward ?? []));
  const left = read
    .filter(({ forward }) => forward === null)
    .map(({ part }) => ({
      why: `"${part}" forwards no port into the guest`,
      instead: "networks.lan.forwards knows TCP and UDP ports of the host that lead into the guest.",
    }));
  const open = forwards.some(({ address }) => address === "0.0.0.0");
  return partly(
    settingsOf(forwards),
    left,
    open ? "Without an address every machine of the network gets in, as in kvmx." : null,
  );
}

function readForward(text: string): Forward | null {
  const [, protocol = "tcp", address = "", host, , guest] = FORWARD.exec(text) ?? [];
  // Port 0 of the host is one that is free.
  if ((!isPort(host) && Number(host) !== 0) || !isPort(guest)) return null;
  return { protocol, address: address || "0.0.0.0", host: Number(host), guest: Number(guest) };
}

/** QEMU itself takes a port of the host once. */
function unique(forwards: readonly Forward[]): readonly Forward[] {
  const keyOf = ({ protocol, address, host, guest }: Forward) => `${protocol} ${address}:${host || `0-${guest}`}`;
  return [...new Map(forwards.map((each) => [keyOf(each), each])).values()];
}

function settingsOf(forwards: readonly Forward[]): readonly Setting[] {
  const names = new Set<string>();
  return forwards.map(({ protocol, address, host, guest }) => {
    const plain = nameOf(protocol, guest);
    const name = names.has(plain) ? `${protocol}-${host}-${guest}` : plain;
    names.add(name);
    return machine(["networks", "lan", "forwards", name], {
      guest_port: guest,
      host_port: host,
      ...(address !== "127.0.0.1" && { host_address: address }),
      ...(protocol !== "tcp" && { protocol }),
    });
  });
}

const SERVICES: Readonly<Record<number, string>> = { 22: "ssh", 80: "http", 443: "https" };
const nameOf = (protocol: string, port: number) => (protocol === "tcp" && SERVICES[port]) || `${protocol}-${port}`;

const MODELS: Readonly<Record<string, string>> = {
  virtio: "virtio-net-pci",
  "virtio-net": "virtio-net-pci",
  "virtio-net-pci": "virtio-net-pci",
  e1000: "e1000",
  e1000e: "e1000e",
  rtl8139: "rtl8139",
};

function nicModel(value: string): Outcome {
  const model = Object.hasOwn(MODELS, value) ? MODELS[value] : undefined;
  if (model === undefined) {
    return untranslated(
      `there is no card "${value}"`,
      "networks.lan.model knows virtio-net-pci, e1000, e1000e and rtl8139.",
    );
  }
  return model === "virtio-net-pci" ? notNeeded("It is what a machine has.") : translated(lan("model", model));
}

const BRIDGED =
  "Set networks: { lan: { kind: bridge, bridge: br0, addresses: [10.1.1.2/24] } } with the host's own bridge.";

/** Of the bootstrapping of a machine on a tap device. */
const address = (name: string, about: string): Key => ({
  name,
  ours: "`networks.NAME.addresses`, `cloud_init.network_config`",
  about,
  translate: (_, { get }) =>
    get("net") === "tap"
      ? untranslated("the machine is on no tap device now", BRIDGED)
      : notNeeded("The network is no tap device."),
});

/** How the guest reaches the network, and is reached. */
export const networkKeys: readonly Key[] = [
  {
    name: "net",
    ours: "`networks.lan.kind`",
    about:
      "`user` is what a machine has. For `tap` name the host's own bridge or tap device; guestkit makes none, since that needs root.",
    translate: (value) =>
      value === "user"
        ? notNeeded("It is what a machine has.")
        : untranslated(
            `which device of the host "${value}" is to use is not in the file; the machine is on a user network now`,
            BRIDGED,
          ),
  },
  {
    name: "net_dns",
    ours: "`cloud_init.network_config`",
    about: "A user network answers with what the host asks.",
    translate: (value) =>
      value === "host"
        ? notNeeded("The guest's questions go to the host's resolver.")
        : untranslated(
            "there is no field for it",
            "Name it in cloud_init.network_config, or leave the host's resolver.",
          ),
  },
  address("net_ip", "With prefix length here."),
  address("net_mask", "Part of the address."),
  address("net_gateway", "A document of cloud-init's."),
  {
    name: "port_mapping",
    ours: "`networks.lan.forwards`",
    about: "Each `hostfwd` by a name; `host_port: 0` would pick a free one. Changed while the machine runs.",
    translate: portMapping,
  },
  { name: "nic_model", ours: "`networks.lan.model`", about: "virtio, e1000, e1000e, rtl8139.", translate: nicModel },
];
