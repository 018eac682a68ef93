import { GuestkitError } from "../kit/errors.ts";
import { cachedSource } from "../source/cached.ts";
import type { Codec } from "../source/codec.ts";
import type { ByteSource } from "../source/source.ts";
import type { StackedDevice, Volume } from "../volume/index.ts";
import { containerOf, type Device, type Holding, memberOf, tableOf } from "./device.ts";
import { Groups, type OpenedGroup } from "./groups.ts";
import type { KeyRing } from "./keys.ts";
import { diskName, partitionName } from "./names.ts";
import { refusalOf } from "./refusal.ts";

/** A device that was looked into. */
export interface Explored {
  readonly device: Device;
  readonly holding: Holding;
  /** Why nothing more is made of it. */
  readonly error: GuestkitError | null;
}

export interface Exploration {
  /** Each after those that it stands on. */
  readonly devices: readonly Explored[];
  readonly warnings: readonly string[];
  /** Groups that were opened without all of their members, in words. */
  readonly lacking: readonly string[];
}

/** What devices need of their surroundings. */
export interface Surroundings {
  readonly codec: Codec;
  readonly keys: KeyRing;
}

/** The number that the kernel gives an array first; the next is one less. */
const FIRST_ARRAY = 127;
/** A disk in a disk in a disk: as deep as the kernel lets devices stand on one another. */
const MAX_DEPTH = 16;
const MAX_DEVICES = 8192;
/** What is deciphered is kept: 2 MiB of each mapping. */
const CACHE = { pageSize: 32 << 10, pages: 64 };

/**
 * Finds the devices of a machine whose disks are given in order: looks into each for a partition table or for what it is
 * a member of; when nothing is left, opens the groups that are whole, and when there is none of these, one that lacks
 * members. Throws what a disk's damaged table says; what is wrong with another device is its own `error`.
 */
export async function exploreDevices(disks: readonly ByteSource[], surroundings: Surroundings): Promise<Exploration> {
  const explorer = new Explorer(surroundings);
  for (const [index, source] of disks.entries()) explorer.add(diskDevice(source, index));
  do await explorer.lookIntoAll();
  while (await explorer.openGroups());
  const { explored: devices, warnings, lacking } = explorer;
  return { devices, warnings, lacking };
}

class Explorer {
  readonly explored: Explored[] = [];
  readonly warnings: string[] = [];
  readonly lacking: string[] = [];
  readonly #groups: Groups;
  readonly #keys: KeyRing;
  readonly #todo: Device[] = [];
  readonly #names = new Map<string, Device>();
  /** Where each stands in `explored`. */
  readonly #places = new Map<string, number>();
  #isFull = false;

  constructor({ codec, keys }: Surroundings) {
    this.#keys = keys;
    let number = FIRST_ARRAY;
    this.#groups = new Groups({
      ...codec,
      keys: (device, uuid) => keys.candidates(this.#namesOf(device), uuid),
      arrayNumber: () => number--,
    });
  }

  add(device: Device): void {
    if (this.#names.size >= MAX_DEVICES) {
      this.#tooMany();
      return;
    }
    const named = this.#withOwnName(device);
    this.#names.set(named.device, named);
    this.#todo.push(named);
  }

  async lookIntoAll(): Promise<void> {
    for (let at = 0; at < this.#todo.length; at++) await this.#lookInto(this.#todo[at] as Device);
    this.#todo.length = 0;
  }

  /** False where no group is left. */
  async openGroups(): Promise<boolean> {
    const opened = await this.#groups.open();
    for (const group of opened) this.#take(group);
    return opened.length > 0;
  }

  #namesOf(device: string): readonly string[] {
    return [device, ...(this.#names.get(device)?.aliases ?? [])];
  }

  async #lookInto(device: Device): Promise<void> {
    const { holding, error } = await this.#holdingOf(device);
    this.#places.set(device.device, this.explored.length);
    this.explored.push({ device, holding, error });
    for (const volume of holding.table?.volumes ?? []) this.add(partitionDevice(device, volume));
    const { member } = holding;
    if (member && !error && !this.#groups.add(member.kind, member.label)) {
      this.warnings.push(`${device.device} is left out: what it belongs to (${member.kind.type}) is open without it`);
    }
  }

  async #holdingOf(device: Device): Promise<Pick<Explored, "holding" | "error">> {
    const nothing = { table: null, member: null };
    if (device.error) return { holding: nothing, error: device.error };
    if (device.depth > MAX_DEPTH) return { holding: nothing, error: tooDeep(device) };
    const apart = await this.#headerOf(device);
    if (apart) return apart;
    // Nothing can be told of a disk whose table is damaged.
    const table = device.kind === "disk" ? await tableOf(device) : null;
    try {
      const own = table ?? (await tableOf(device));
      const member = await memberOf(device, own);
      return { holding: { table: member ? null : own, member }, error: null };
    } catch (error) {
      return { holding: { table, member: null }, error: refusalOf(error) };
    }
  }

  /** What it holds by a header that was given apart from it; null without one. */
  async #headerOf(device: Device): Promise<Pick<Explored, "holding" | "error"> | null> {
    try {
      const header = await this.#keys.header(this.#namesOf(device.device));
      return header && { holding: { table: null, member: await containerOf(device, header) }, error: null };
    } catch (error) {
      return { holding: { table: null, member: null }, error: refusalOf(error) };
    }
  }

  #take({ members, devices, warnings, lacking, error }: OpenedGroup): void {
    if (error) this.#refuse(members, error);
    this.lacking.push(...lacking);
    for (const warning of warnings) this.warnings.push(warning);
    const depth = 1 + Math.max(0, ...members.map((each) => this.#names.get(each)?.depth ?? 0));
    for (const each of devices) this.add(stackedDevice(each, depth));
  }

  #refuse(members: readonly string[], error: GuestkitError): void {
    for (const member of members) {
      const at = this.#places.get(member) ?? -1;
      const each = this.explored[at];
      if (each) this.explored[at] = { ...each, error };
    }
  }

  /** Two volume groups may have one name. */
  #withOwnName(device: Device): Device {
    const aliases = device.aliases.filter((alias) => !this.#names.has(alias));
    if (!this.#names.has(device.device)) return { ...device, aliases };
    let count = 2;
    while (this.#names.has(`${device.device}~${count}`)) count++;
    const name = `${device.device}~${count}`;
    this.warnings.push(`${device.device} is there twice: the one on ${device.on.join(", ")} is called ${name} here`);
    return { ...device, device: name, aliases: [] };
  }

  #tooMany(): void {
    if (!this.#isFull) this.warnings.push(`Devices are left out: there are more than ${MAX_DEVICES}`);
    this.#isFull = true;
  }
}

function diskDevice(source: ByteSource, index: number): Device {
  const own = {
    kind: "disk",
    device: diskName(index),
    aliases: [],
    uuid: null,
    size: source.size,
    on: [],
    partition: null,
  } as const;
  return { ...own, details: {}, source, error: null, depth: 0 };
}

function partitionDevice({ device, depth }: Device, partition: Volume): Device {
  const { number, size, source } = partition;
  const own = {
    kind: "partition",
    device: partitionName(device, number),
    aliases: [],
    uuid: null,
    size,
    on: [device],
  } as const;
  return { ...own, partition, details: {}, source, error: null, depth: depth + 1 };
}

function stackedDevice(each: StackedDevice, depth: number): Device {
  const { kind, device, aliases, uuid, size, on, details, error } = each;
  const source = kind === "mapping" && each.source ? cachedSource(each.source, CACHE) : each.source;
  return { kind, device, aliases, uuid, size, on, partition: null, details, source, error, depth };
}

function tooDeep({ device }: Device): GuestkitError {
  return new GuestkitError(
    "E_DISK_DEPTH",
    `Cannot look into ${device}: it stands on more than ${MAX_DEPTH} devices, one on the other`,
    { help: "Copy it to a file where the machine has it open (dd if=DEVICE of=FILE), and look into that." },
  );
}
