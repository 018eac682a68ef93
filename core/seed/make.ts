import type { MachineFolder } from "../machine/folder.ts";
import { ensureKey, publicKeyOf } from "../machine/key.ts";
import { hostsOf, linkAddresses } from "../machine/links.ts";
import { type Machine, type Network, networksOf } from "../machine/machine.ts";
import { macOf } from "../machine/macs.ts";
import { isObject, type Value, type ValueObject } from "../model/value.ts";
import { userGateway } from "../qemu/options/user-subnet.ts";
import { hostNameOf, namesOf } from "./hosts.ts";
import { writeSeed } from "./image.ts";
import type { SeedNetwork } from "./network.ts";
import { renderSeed } from "./render.ts";

/**
 * Makes the machine's own key, and cloud-init's medium that lets it in, unless it holds the same already. No medium where
 * cloud_init is not declared.
 */
export async function makeSeed(machine: Machine, folder: MachineFolder): Promise<void> {
  await ensureKey(folder);
  if (!machine.cloud_init || lacksSecrets(machine.cloud_init)) return;
  const files = renderSeed(machine.cloud_init, {
    hostname: hostNameOf(machine.name),
    extraSshKeys: [await publicKeyOf(folder)],
    hosts: Object.entries(hostsOf(machine)).flatMap(([name, address]) => namesOf(name, address)),
    networks: seedNetworks(machine),
  });
  await writeSeed(folder.seed, files);
}

/** A secret that was declared and is not at hand now: the medium that holds it stays as it is. */
function lacksSecrets(value: Value): boolean {
  if (Array.isArray(value)) return value.some(lacksSecrets);
  if (!isObject(value)) return false;
  return Object.entries(value).some(([name, each]) => {
    const secret = name.endsWith("_version") ? name.slice(0, -"_version".length) : null;
    if (secret !== null && secret in (value as ValueObject)) return each !== null && value[secret] === null;
    return lacksSecrets(each);
  });
}

/** The network configuration that the declaration implies; undefined leaves it to the image. */
function seedNetworks(machine: Machine): readonly SeedNetwork[] | undefined {
  const networks = Object.entries(networksOf(machine));
  const fixed = networks.some(([, { kind, addresses }]) => kind === "link" || addresses.length > 0);
  if (!fixed) return undefined;
  return networks.map(([name, network]) => {
    const addresses = addressesOf(machine, name, network);
    return { mac: macOf(machine.name, name, network), dhcp4: addresses.length === 0, addresses, ...wayOut(network) };
  });
}

function addressesOf(machine: Machine, name: string, { kind, addresses }: Network): readonly string[] {
  return kind === "link" && addresses.length === 0 ? [linkAddresses(machine, name).own] : addresses;
}

/** QEMU's own NAT around a static address: where it leads out, and who answers for names. */
function wayOut({ kind, isolated, addresses }: Network): Pick<SeedNetwork, "gateway" | "nameservers"> {
  const found = kind === "user" && !isolated ? userGateway(addresses) : null;
  return found ? { gateway: found.gateway, nameservers: [found.dns] } : {};
}
