import { rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { normalise } from "../engine/normalise.ts";
import { readRecord, recordPath, type ThingRecord, writeRecord } from "../engine/record.ts";
import { asCallerPath } from "../kit/caller-path.ts";
import { contractOf } from "../model/index.ts";
import { isList, isObject, type ValueObject } from "../model/value.ts";
import { withBrought } from "./brought.ts";
import type { MachineFolder } from "./folder.ts";
import { asMachine, type Machine } from "./machine.ts";

/** What guestkit remembers of a machine beside its declaration. */
export interface MachineDetails {
  /** Made to the end: false while it is being made, or when that failed. */
  readonly ready: boolean;
  /** Machine type with its version, kept over QEMU's upgrades: `pc-q35-7.2`. */
  readonly machineType: string | null;
  /** The forwards of the last start, so that a picked port stays. */
  readonly forwards: readonly ForwardResult[];
  /** Names of the provisioning steps for the first start that are done. */
  readonly provisioned: readonly string[];
  readonly hostKeys: readonly string[];
  readonly addresses: readonly string[];
  /** Who logs in where the declaration does not say: what the image told at create. */
  readonly sshUser: string | null;
  /** Whether the screen was declared with a password, which is in no record. */
  readonly screenLocked: boolean;
  /** Why the last start was not ready, where that was to be kept. */
  readonly failure: string | null;
  /** What is its own is being thrown away (lifecycle/daily/throw-away.ts). */
  readonly recycling: boolean;
  /** The name that it had before; null where it was never renamed. */
  readonly renamedFrom: string | null;
  /** What the disks that are made anew were made from at the last start (lifecycle/template/upgraded.ts). */
  readonly madeFrom: Readonly<Record<string, readonly string[]>>;
  /** Disks of which the last start kept a copy of the machine's own. */
  readonly copies: readonly string[];
  /** The private key that its template's guest lets in; null where the machine has its own way in. */
  readonly templateKey: string | null;
}

/** A port of the host that leads into the guest. */
export interface ForwardResult {
  readonly network: string;
  readonly name: string;
  readonly protocol: "tcp" | "udp";
  readonly host_address: string;
  readonly host_port: number;
  readonly guest_port: number;
}

export interface MachineMemory {
  readonly origin: ThingRecord["origin"];
  readonly owner: ThingRecord["owner"];
  /** The declaration with what was chosen where the user was silent; secrets are null. */
  readonly machine: Machine;
  readonly details: MachineDetails;
}

export const NEW: MachineDetails = {
  ready: false,
  machineType: null,
  forwards: [],
  provisioned: [],
  hostKeys: [],
  addresses: [],
  sshUser: null,
  screenLocked: false,
  failure: null,
  recycling: false,
  renamedFrom: null,
  madeFrom: {},
  copies: [],
  templateKey: null,
};

/** The machine with the way in that guestkit takes where the declaration leaves it open, and with what was brought along. */
export function withWayIn(
  { machine, details }: Pick<MachineMemory, "machine" | "details">,
  folder: Pick<MachineFolder, "path">,
): Machine {
  const here = withBrought(machine, folder);
  const ssh = here.ssh ?? { user: null, port: 22, private_key: null, network: null };
  const private_key = ssh.private_key ?? (details.templateKey === null ? null : asCallerPath(details.templateKey));
  return { ...here, ssh: { ...ssh, user: ssh.user ?? details.sshUser, private_key } };
}

/** The path that the record of a machine stands beside. */
export const memoryPath = (folder: Pick<MachineFolder, "path">): string => join(folder.path, "machine");

/** The record of a machine; null where there is none. Throws `E_RECORD_DAMAGED` and `E_RECORD_NEWER`. */
export async function readMemory(folder: MachineFolder): Promise<MachineMemory | null> {
  const record = await readRecord(memoryPath(folder));
  if (!record) return null;
  // Fields that came after it was written have their defaults.
  const declared = normalise(contractOf("virtual_machine", "resource").input, record.declared);
  // Its folder is its name: moving it is all that renaming one has to do at once.
  const machine = { ...asMachine(declared), name: basename(folder.path) };
  return { origin: record.origin, owner: record.owner, machine, details: detailsOf(record.details) };
}

export async function writeMemory(folder: MachineFolder, memory: MachineMemory): Promise<void> {
  await writeRecord(memoryPath(folder), {
    contract: "virtual_machine",
    origin: memory.origin,
    owner: memory.owner,
    declared: memory.machine as unknown as ValueObject,
    details: memory.details as unknown as ValueObject,
  });
}

/** Writes the record with some of its details changed. */
export async function remember(
  folder: MachineFolder,
  memory: MachineMemory,
  details: Partial<MachineDetails>,
): Promise<MachineMemory> {
  const next = { ...memory, details: { ...memory.details, ...details } };
  await writeMemory(folder, next);
  return next;
}

/** The last thing that goes when a machine is removed: until then a rerun finds it. */
export async function forget(folder: MachineFolder): Promise<void> {
  await rm(recordPath(memoryPath(folder)), { force: true });
}

function detailsOf(stored: ValueObject): MachineDetails {
  const kept = Object.entries(stored).filter(
    ([name, value]) => name in NEW && sameShape(NEW[name as keyof MachineDetails], value),
  );
  return { ...NEW, ...Object.fromEntries(kept) };
}

const sameShape = (known: unknown, found: unknown): boolean =>
  known === null
    ? !isObject(found as never)
    : isList(known as never) === isList(found as never) && typeof known === typeof found;
