import { chainOf } from "../build/chain.ts";
import { demandNamed } from "../build/strangers.ts";
import { demand } from "../engine/apply-error.ts";
import { canonicalFields, normalise } from "../engine/normalise.ts";
import type { Context } from "../kit/context.ts";
import { withBrought } from "../machine/brought.ts";
import {
  asMachine,
  type Machine,
  type MachineDisk,
  type Network,
  type Share,
  type WaitFor,
} from "../machine/machine.ts";
import { type MachineDetails, type MachineMemory, NEW } from "../machine/memory.ts";
import { contractOf } from "../model/index.ts";
import type { ValueObject } from "../model/value.ts";
import { imageFacts } from "../preflight/facts/image.ts";
import { checkMachine, chooseFor, toDiagnostics } from "../preflight/index.ts";
import type { DiskFormat } from "../qemu/block/node.ts";
import type { Base } from "./base.ts";
import { loginOnly } from "./login-only.ts";

/** How a disposable departs from what it is made of. */
export interface Wishes {
  /** Whether it has a network; as its base where left out. */
  readonly network?: boolean | undefined;
  /** Bytes. */
  readonly memory?: number | undefined;
  readonly cpus?: number | undefined;
  /** Of an image: what it is; as recorded, else as it looks where left out. */
  readonly format?: DiskFormat | undefined;
  /** Whether an image may lean on files that only its header names. */
  readonly allowBackingFiles?: boolean | undefined;
  /** Further disks. */
  readonly disks?: Readonly<Record<string, MachineDisk>> | undefined;
  readonly shares?: Readonly<Record<string, Share>> | undefined;
  /** When it is ready; what lets somebody in where left out. */
  readonly waitFor?: readonly WaitFor[] | undefined;
}

/** A declaration and what is remembered beside it, before the first start. */
export interface Declared {
  readonly machine: Machine;
  readonly details: MachineDetails;
}

/**
 * The machine that a disposable is: hardware and disks of its base, and nothing else of it. Throws what its images tell
 * against it.
 */
export async function declareDisposable(name: string, base: Base, wishes: Wishes, context: Context): Promise<Declared> {
  const { machine, machineType } =
    base.kind === "machine"
      ? ofMachine(name, { ...base.memory, machine: withBrought(base.memory.machine, base.folder) }, wishes)
      : { machine: await ofImage(name, base.path, wishes, context), machineType: null };
  const ssh = machine.ssh ?? { user: null, port: 22, private_key: null, network: null };
  const chosen = await chooseFor({ ...machine, ssh }, context);
  const wait_for = wishes.waitFor ?? waysIn(chosen);
  const ready = { ...chosen, wait_for };
  demand(toDiagnostics(await checkMachine(ready, context)));
  const details = { ...NEW, machineType, sshUser: chosen.ssh?.user ?? null };
  return { machine: ready, details };
}

/** Somebody must be let in by some way: the agent is waited for where nothing better is known. */
function waysIn({ wait_for }: Machine): readonly WaitFor[] {
  return wait_for && wait_for.length > 0 ? wait_for : [AGENT];
}

const AGENT: WaitFor = { condition: "agent", timeout: 600, port: null, text: null };

function ofMachine(name: string, { machine: from, details }: MachineMemory, wishes: Wishes) {
  const drawn = disksOf(from);
  const networks = networksOf(from, wishes.network);
  const isOnline = networks === null || Object.keys(networks).length > 0;
  const kept = { user: details.sshUser, port: 22, private_key: null, network: null, ...from.ssh };
  const hardware = Object.fromEntries(HARDWARE.map((field) => [field, from[field] as unknown]));
  const given = {
    ...hardware,
    ...asked(name, wishes),
    ...drawn,
    disks: { ...drawn.disks, ...wishes.disks },
    networks,
    cloud_init: isOnline ? loginOnly(from.cloud_init) : null,
    ssh: { ...kept, user: kept.user ?? details.sshUser, network: null },
    wait_for: isOnline ? from.wait_for : [AGENT],
    timeouts: { start: 60, ...from.timeouts, stop: 15, quit: 5 },
  };
  return { machine: declared(given), machineType: details.machineType };
}

const HARDWARE = [
  ...["memory", "cpus", "machine", "cpu_model", "firmware", "secure_boot", "kernel", "initrd", "cmdline", "tpm"],
  ...["preflight", "preflight_rules"],
] as (keyof Machine)[];

const ALLOW = { field: ["base"], allow: "guestkit vm disposable --allow-backing-files" } as const;

async function ofImage(name: string, image: string, wishes: Wishes, context: Context): Promise<Machine> {
  const { format = null, allowBackingFiles: allow_backing_files = false } = wishes;
  // Before anything of it is read.
  const chain = await chainOf(image, { format, field: ALLOW.field });
  await demandNamed(chain, { ...ALLOW, allowed: allow_backing_files }, context.settings.dataDir);
  const isOnline = wishes.network !== false;
  const system = isOnline ? (await imageFacts(image, { format }, context).catch(() => null))?.system : null;
  const seeded = system?.cloudInit?.installed === true && system.cloudInit.disabledBy === null;
  return declared({
    ...asked(name, wishes),
    recreate_overlay: "always",
    disks: { root: { image, overlay: true, format, allow_backing_files }, ...wishes.disks },
    networks: isOnline ? null : {},
    cloud_init: seeded ? loginOnly({}) : null,
    wait_for: isOnline ? null : [AGENT],
    timeouts: { start: 60, stop: 15, quit: 5 },
  });
}

function asked(name: string, { memory, cpus, shares }: Wishes) {
  return { name, shares: shares ?? {}, ...(memory !== undefined && { memory }), ...(cpus !== undefined && { cpus }) };
}

/** What is silent is as for a silent user. */
function declared(given: object): Machine {
  const { input } = contractOf("virtual_machine", "resource");
  return asMachine(canonicalFields(input, normalise(input, given as ValueObject), process.cwd()));
}

/** What it is a copy of, and the disks that it only reads; a machine that is all kernel and initrd has none to copy. */
function disksOf(from: Machine): Pick<Machine, "template_vm" | "disks"> {
  const isWritten = Object.values(from.disks).some(({ read_only }) => !read_only);
  const isTemplate = isWritten || from.template_vm !== null || from.base !== null;
  const read = Object.entries(from.disks).filter(([, { read_only }]) => read_only);
  return { template_vm: isTemplate ? from.name : null, disks: Object.fromEntries(read) };
}

/**
 * The base's ways out, with addresses and ports of our own; cables to other machines and bridges of the host are the
 * base's alone. Null is the network of a silent user.
 */
function networksOf({ networks }: Machine, wanted: boolean | undefined): Machine["networks"] {
  if (wanted === false) return {};
  if (networks === null) return null;
  const own = Object.entries(networks).filter(([, { kind }]) => kind === "user" || kind === "passt");
  if (own.length === 0) return wanted ? null : {};
  return Object.fromEntries(own.map(([key, network]) => [key, anew(network)]));
}

function anew(network: Network): Network {
  const forwards = Object.entries(network.forwards).map(([key, each]) => [key, { ...each, host_port: 0 }]);
  return { ...network, mac: null, addresses: [], forwards: Object.fromEntries(forwards) };
}
