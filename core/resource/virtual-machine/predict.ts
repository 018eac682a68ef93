import { sshPlace } from "../../communicator/ssh/index.ts";
import type { Foreseen, ResourceImplementation } from "../../engine/implementation.ts";
import { startsAnew } from "../../machine/disks/effective.ts";
import { machineFolder } from "../../machine/folder.ts";
import { asMachine, networksOf } from "../../machine/machine.ts";
import { macOf } from "../../machine/macs.ts";
import { isObject, isWhollyKnown, UNKNOWN, type Value, type ValueObject } from "../../model/value.ts";

type Predict = NonNullable<ResourceImplementation["predict"]>;

/** What an apply makes of a machine, as far as nothing but a start or an image tells it. */
export const predict: Predict = (input, now) => ({
  ...places(input, now),
  ...macs(input),
  ...sizes(input),
  ...(input.running === false && standing(input, now)),
});

function places({ name }: ValueObject, { settings }: Foreseen): ValueObject {
  if (typeof name !== "string") return {};
  const { path, consoleLog } = machineFolder(name, settings);
  return { directory: path, console_log: consoleLog };
}

/** Hardware addresses follow from the names alone. */
function macs(input: ValueObject): ValueObject {
  if (typeof input.name !== "string" || (input.networks ?? null) === UNKNOWN) return {};
  const machine = asMachine(input);
  const found = Object.entries(networksOf(machine)).map(([name, network]) => [
    name,
    isWhollyKnown(network.mac as Value) ? macOf(machine.name, name, network) : UNKNOWN,
  ]);
  return { macs: Object.fromEntries(found) };
}

/** A machine that stands still is as its last start left it. */
function standing(input: ValueObject, { prior, touched }: Foreseen): ValueObject {
  const { forwards = [], ip_addresses = [], ssh_host_keys = [], machine_type = null } = prior ?? {};
  return {
    ...{ status: "stopped", pid: null, accelerator: null, display: null },
    ...{ forwards, ip_addresses, ssh_host_keys, machine_type },
    ...ways(input, prior, touched),
    // Chosen by the first start.
    wait_for: null,
    ...(!startsAnew(asMachine(input)) && { template_upgraded: false }),
  };
}

const WAYS = [
  ...["ssh_host", "ssh_port", "ssh_user", "ssh_key_file", "ssh_known_hosts"],
  ...["ssh_config", "ssh_command"],
];
/** What the ways into a machine go by. */
const ENTERED = ["networks", "ssh", "cloud_init", "disks", "template_vm", "base"];

function ways(input: ValueObject, prior: ValueObject | null, touched: ReadonlySet<string>): ValueObject {
  if (prior && !ENTERED.some((name) => touched.has(name))) {
    return Object.fromEntries(WAYS.map((name) => [name, prior[name] ?? null]));
  }
  const { networks = null, ssh = null } = input;
  if (!isWhollyKnown([networks, ssh]) || (prior?.forwards ?? null) === UNKNOWN) return {};
  const known = (prior?.forwards ?? []) as unknown as Parameters<typeof sshPlace>[1];
  return sshPlace(asMachine(input), known) ? {} : Object.fromEntries(WAYS.map((name) => [name, null]));
}

/** A size of its own has a disk that is written to a thin copy, once a start has made that. */
function sizes({ disks = null, running }: ValueObject): ValueObject {
  if (!isObject(disks)) return {};
  const sizeless = Object.entries(disks).filter(([, disk]) => running === false || overlayOf(disk) === false);
  return { disks: Object.fromEntries(sizeless.map(([name]) => [name, { size: null }])) };
}

const overlayOf = (disk: Value): Value | undefined => (isObject(disk) ? disk.overlay : undefined);
