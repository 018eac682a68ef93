import { ownPath } from "../../kit/caller-path.ts";
import type { SshTarget } from "../../kit/ssh-target.ts";
import type { MachineFolder } from "../../machine/folder.ts";
import { type Machine, type Network, networksOf } from "../../machine/machine.ts";
import { asCloudInit, loginUserOf } from "../../seed/index.ts";

export type { SshTarget };

/** A port of the host that leads into the guest. */
interface Way {
  readonly network: string;
  readonly protocol: string;
  readonly host_address: string;
  readonly host_port: number;
  readonly guest_port: number;
}

const DEFAULT_PORT = 22;
const LOOPBACK: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1" };

/**
 * How the machine is reached by SSH as it runs: by a forward to the port, else by an address of its own on the host's
 * bridge. Null where there is neither.
 */
export function sshTarget(
  machine: Machine,
  folder: MachineFolder,
  run: { readonly forwards: readonly Way[] },
): SshTarget | null {
  const place = sshPlace(machine, run.forwards);
  if (!place) return null;
  const own = machine.ssh?.private_key ?? null;
  return {
    ...place,
    name: machine.name,
    user: sshUser(machine),
    keyFile: own === null ? folder.sshKey : ownPath(own),
    ownKey: own === null,
    knownHostsFile: folder.knownHosts,
    logFolder: folder.sockets,
  };
}

/** Where SSH is reached, whoever logs in; null where it cannot be. */
export function sshPlace(machine: Machine, forwards: readonly Way[]): Pick<SshTarget, "host" | "port"> | null {
  return byForward(machine, forwards) ?? byAddress(machine) ?? null;
}

/** As people and URLs write it. */
export const placeText = ({ host, port }: Pick<SshTarget, "host" | "port">): string =>
  `${host.includes(":") ? `[${host}]` : host}:${port}`;

/** As declared, else whom the medium of cloud-init lets in with the machine's key, else root. */
export function sshUser({ ssh, cloud_init }: Machine): string {
  return ssh?.user ?? (cloud_init && loginUserOf(asCloudInit(cloud_init))) ?? "root";
}

const guestPort = (machine: Machine): number => machine.ssh?.port ?? DEFAULT_PORT;

function byForward(machine: Machine, forwards: readonly Way[]) {
  const network = machine.ssh?.network ?? null;
  const found = forwards.find(
    (each) =>
      each.protocol === "tcp" &&
      each.guest_port === guestPort(machine) &&
      (network === null || each.network === network),
  );
  return found && { host: LOOPBACK[found.host_address] ?? found.host_address, port: found.host_port };
}

function byAddress(machine: Machine) {
  const wanted = machine.ssh?.network ?? null;
  for (const [name, network] of Object.entries(networksOf(machine))) {
    const address = network.addresses[0]?.split("/")[0];
    if (address && isOnHost(network) && (wanted === null || wanted === name)) {
      return { host: address, port: guestPort(machine) };
    }
  }
  return undefined;
}

const isOnHost = ({ kind }: Network): boolean => kind === "bridge" || kind === "tap";
