import { type DeviceNode, type Disk, type OpenOptions, reading } from "../../inspect/index.ts";
import { WHOLE } from "../../kit/budget.ts";
import { GuestkitError } from "../../kit/errors.ts";
import { biosFacts } from "./boot-facts.ts";
import { readEsps, type Uki } from "./esp.ts";
import type { ImageFacts, PartitionFacts } from "./facts.ts";
import { Reader } from "./reader.ts";
import { systemFacts } from "./system-facts.ts";

/** The format to open it as, probed where left out, and the disks beside it. */
export type GatherOptions = Pick<OpenOptions, "format" | "with" | "signal">;

/** What was read, and the host files that it came from. */
export interface Gathered {
  readonly facts: ImageFacts;
  readonly files: readonly string[];
}

/** Reads an image once for all that rules may ask. Throws what opening it throws, and `E_BUDGET_TIME`. */
export async function gather(path: string, options: GatherOptions = {}): Promise<Gathered> {
  return await reading(path, options, (disk) =>
    disk.budget.part("preflight", () => gatherFrom(ofFirst(disk), path, options.signal), WHOLE),
  );
}

/** What lies on the first disk, and whatever is made of it and of others. */
function ofFirst(disk: Disk): Disk {
  const others = disk.disks.slice(1).map(({ device }) => device);
  const isElsewhere = ({ device, partition, on }: DeviceNode) =>
    others.includes(device) || (partition !== null && others.includes(on[0] ?? ""));
  return { ...disk, filesystems: disk.filesystems.filter((each) => !isElsewhere(each)) };
}

async function gatherFrom(disk: Disk, path: string, signal: AbortSignal | undefined): Promise<Gathered> {
  const reader = new Reader(disk.budget);
  for (const { device, error } of disk.filesystems) if (error) reader.unread.push(`${device}: ${error.message}`);
  const { image, table } = disk;
  const esps = await reader.fact("EFI system partition", () => readEsps(disk), signal);
  const system = await reader.fact("system", () => firstSystem(disk, reader, esps?.ukis ?? [], signal), signal, WHOLE);
  const facts: ImageFacts = {
    path,
    format: image.format,
    virtualSize: image.size,
    backingSize: image.backing?.image.size ?? null,
    table: table?.scheme ?? null,
    sectorSize: table?.sectorSize ?? null,
    tableFaults: (await table?.faults())?.filter((each) => /primary|protective/.test(each)) ?? [],
    partitions: disk.filesystems.filter(({ kind }) => kind !== "subvolume").map((each) => describe(each, disk)),
    cutOff: (table?.warnings ?? []).filter((each) => /past the disk's end/.test(each)),
    bios: (await reader.fact("boot code", () => biosFacts(disk), signal)) ?? {
      code: true,
      loader: null,
      emptyCore: null,
    },
    esps: esps?.facts ?? [],
    system,
    lacking: disk.lacking.length > 0,
    unread: reader.unread,
  };
  return { facts, files: disk.disks.flatMap((each) => each.image.files) };
}

/** The first system of a disk; with several, which one boots is the loader's affair, and nothing is said. */
async function firstSystem(disk: Disk, reader: Reader, ukis: readonly Uki[], signal: AbortSignal | undefined) {
  const { roots, failed } = await disk.findRoots();
  for (const [device, error] of failed) reader.unread.push(`${device}: ${error.message}`);
  if (roots.length > 1) throw new GuestkitError("E_SYSTEMS", `there are ${roots.length} systems on the disk`);
  return roots[0] ? systemFacts(roots[0], reader, ukis, signal) : null;
}

function describe({ device, partition, size, type, uuid, label, isMember }: DeviceNode, disk: Disk): PartitionFacts {
  const made = isMember ? disk.nodes.filter(({ on }) => on.includes(device)) : [];
  const isOpen = made.length > 0 && made.every(({ error, locked }) => error === null && locked === null);
  const content = { filesystem: type, uuid, label, ...(isOpen && { isOpen }) };
  if (!partition) return { number: 0, type: "", name: null, partuuid: null, size, ...content };
  const { number, name, uuid: partuuid } = partition;
  return { number, type: partition.type, name, partuuid, size: partition.size, ...content };
}
