import { isThere } from "../../host/is-there.ts";
import type { Settings } from "../../kit/context.ts";
import { isObject, UNKNOWN, type Value } from "../../model/value.ts";
import { leadsOut, type MachineFolder, machineFolder } from "../folder.ts";
import type { Machine, MachineDisk } from "../machine.ts";
import { readMemory } from "../memory.ts";
import { diskWitness } from "./chain.ts";
import { circle, noDisks, taken, unknownTemplate } from "./template-error.ts";

/** A machine's declaration by its name; null where there is none. */
export type FindMachine = (name: string) => Promise<Machine | null>;

type Disks = Readonly<Record<string, MachineDisk>>;

/**
 * The machine with the disks that QEMU is to be given: those of its template or base among them, each with what the
 * guest's writes become (`MachineDisk.own`). Records and run.json keep the declaration itself; this is computed where it is
 * used. Values may be UNKNOWN. `find` tells of machines that are only planned. Throws `E_TEMPLATE_UNKNOWN`,
 * `E_TEMPLATE_CIRCLE`, `E_TEMPLATE_DISKS`, `E_TEMPLATE_DISK_TAKEN`.
 */
export async function effectiveMachine(
  machine: Machine,
  settings: Settings,
  find: FindMachine = recorded(settings),
): Promise<Machine> {
  return await resolve(machine, settings, find, []);
}

/** The declarations that machines were made by. */
export function recorded(settings: Settings): FindMachine {
  return async (name) => (leadsOut(name) ? null : ((await readMemory(machineFolder(name, settings)))?.machine ?? null));
}

/** Whether the machine's own copies of disks are made anew at every start. */
export function isRecreated({ recreate_overlay, template_vm, base }: Machine): boolean {
  return (recreate_overlay ?? (isGiven(template_vm) || isGiven(base) ? "always" : "never")) === "always";
}

const isGiven = (value: Value | undefined): boolean => value !== null && value !== undefined;
const isLater = (value: Value): boolean => value === UNKNOWN;

async function resolve(
  machine: Machine,
  settings: Settings,
  find: FindMachine,
  below: readonly string[],
): Promise<Machine> {
  const { template_vm: name, base } = machine;
  const template = typeof name === "string" ? await templateOf(machine.name, name, settings, find, below) : null;
  const found = template ? await disksOf(template, settings) : baseDisk(base);
  return {
    ...machine,
    firmware: machine.firmware ?? template?.firmware ?? null,
    disks: merge(machine, found),
  };
}

async function templateOf(own: string, name: string, settings: Settings, find: FindMachine, below: readonly string[]) {
  const seen = [...below, own];
  if (seen.includes(name)) throw circle(own, [...seen, name]);
  const template = await find(name);
  if (!template) throw unknownTemplate(own, name);
  return await resolve(template, settings, find, seen);
}

/** What another machine's disks hold while it stands still, each to be leaned on. */
async function disksOf(template: Machine, settings: Settings): Promise<Disks> {
  const folder = machineFolder(template.name, settings);
  const written = Object.entries(template.disks).filter(([, { read_only }]) => read_only !== true);
  if (written.length === 0) throw noDisks(template.name);
  const disks = written.map(async ([key, disk]) => {
    const kept = disk.overlay && disk.own !== "fresh" ? folder.overlay(key) : null;
    // Before its first start there is only what its overlay is going to lean on.
    if (kept !== null && (await isThere(kept))) {
      return [key, { ...plain(disk), image: kept, size: null, format: "qcow2", from: template.name }] as const;
    }
    const format = disk.format ?? (await recordedFormat(folder, disk.image));
    return [key, { ...plain(disk), from: disk.from ?? template.name, format }] as const;
  });
  return Object.fromEntries(await Promise.all(disks));
}

/** What its template knows of an image's format; null where it is to be looked at. */
async function recordedFormat(folder: MachineFolder, image: string): Promise<MachineDisk["format"]> {
  const known = await diskWitness(image, folder)().catch(() => null);
  return known?.format === "raw" || known?.format === "qcow2" ? known.format : null;
}

/** How the guest sees it, without how the template keeps it. */
function plain({ own: _, whole: __, ...disk }: MachineDisk): MachineDisk {
  return { ...disk, overlay: true };
}

function baseDisk(base: string | null): Disks {
  return isGiven(base) ? { root: { ...SILENT, image: base ?? "" } } : {};
}

/** A disk as one declares it that says nothing but its image. */
export const SILENT: Omit<MachineDisk, "image"> = {
  format: null,
  allow_backing_files: false,
  overlay: true,
  size: null,
  bus: "virtio",
  sector_size: 512,
  read_only: false,
  discard: "unmap",
  cache: "writeback",
  boot_order: null,
  serial: null,
};

function merge(machine: Machine, found: Disks): Disks {
  // Not known yet: which ones there are cannot be told.
  if (!isObject(machine.disks as unknown as Value)) return machine.disks;
  const both = Object.keys(found).find((key) => key in machine.disks);
  // A base that is known later may turn out to be none: the declared disk stands meanwhile.
  if (both !== undefined && !isLater(machine.base)) throw taken(machine, both);
  const inherited = Object.entries(found).map(([key, disk]) => [key, inherit(disk, machine)] as const);
  const all = [...inherited, ...Object.entries(machine.disks)];
  return Object.fromEntries(all.map(([key, disk]) => [key, withOwn(disk, machine)]));
}

/** A q35 machine has no IDE; a guest names its disks alike on either. */
function inherit(disk: MachineDisk, { machine, backing_file }: Machine): MachineDisk {
  const bus = disk.bus === "ide" && machine === "q35" ? "sata" : disk.bus;
  return { ...disk, bus, ...(backing_file === false && { whole: true }) };
}

/** Whether some of its disks may be made anew at a start. */
export function startsAnew(machine: Machine): boolean {
  return isRecreated(machine) || machine.snapshot_mode === true;
}

function withOwn(disk: MachineDisk, machine: Machine): MachineDisk {
  if (!isObject(disk as unknown as Value) || disk.read_only === true) return disk;
  if (disk.overlay === true && isRecreated(machine)) return { ...disk, own: "fresh" };
  if (machine.snapshot_mode !== true) return disk;
  return disk.overlay === true ? { ...disk, own: "above" } : { ...disk, overlay: true, own: "fresh" };
}
