import { below, type DeviceNode, isReadable } from "../disk/node.ts";
import { WHOLE } from "../kit/budget.ts";
import type { GuestkitError } from "../kit/errors.ts";
import type { ByteSource } from "../source/source.ts";
import { chosen, isChosen, unread } from "./choose.ts";
import type { Disk, TreeChoice } from "./disk.ts";
import type { FactOptions } from "./facts.ts";
import { reading } from "./reading.ts";
import { type FileSystemReport, NO_SYSTEM, REPORT_VERSION, type Report } from "./report.ts";
import { type InspectOptions, reportCache } from "./report-cache.ts";
import { type Root, type Roots, rootAt } from "./roots.ts";
import { type Described, describeSystem } from "./system.ts";

/**
 * What is inside an image. One without a system is an answer: the same fields, null or empty. `partition` and
 * `filesystem` choose among several systems. Throws only where image or partition table cannot be opened.
 */
export async function inspect(image: string | ByteSource, options: InspectOptions = {}): Promise<Report> {
  const cache = typeof image === "string" ? await reportCache(image, options) : null;
  const kept = await cache?.read();
  if (kept) return kept;
  let isEncrypted = false;
  const use = (disk: Disk) => {
    ({ isEncrypted } = disk);
    return inspectDisk(disk, options);
  };
  return await reading(image, options, use, async (told, stamps) => {
    if (!isEncrypted) await cache?.keep(told, stamps);
  });
}

/** The same of a disk that is open. Throws `E_BUDGET_TIME` as well. */
export async function inspectDisk(disk: Disk, options: DiskOptions = {}): Promise<Report> {
  return (await inspectKnowing(disk, options)).report;
}

type DiskOptions = TreeChoice & FactOptions;

/** A report, and why facts of its systems could not be read. */
export interface Inspected {
  readonly report: Report;
  /** For each system, by the fact's name. */
  readonly unread: readonly Described["unread"][];
}

/** The same for who must tell what is not there from what could not be read. */
export async function inspectKnowing(disk: Disk, options: DiskOptions = {}): Promise<Inspected> {
  return await disk.budget.part("the inspection", () => inspected(disk, options), WHOLE);
}

async function inspected(disk: Disk, options: DiskOptions): Promise<Inspected> {
  const { roots, failed } = await findSystems(disk, options);
  const systems = [];
  for (const root of roots) systems.push(await describeSystem(disk, root, options));
  const reports = systems.map(({ report }) => report);
  const report: Report = {
    format_version: REPORT_VERSION,
    ...(reports[0] ?? NO_SYSTEM),
    filesystems: disk.filesystems.map((each) => describeFileSystem(each, failed.get(each.device) ?? unread(each))),
    operating_systems: reports,
    warnings: [...disk.warnings, ...[...failed].map(unknown), ...systems.flatMap((system) => system.warnings)],
  };
  return { report, unread: systems.map(({ unread }) => unread) };
}

/** Systems, and what nobody could look into for more of them. */
export interface Systems extends Roots {
  /** Why, by the device: it is locked, damaged, or has no reader. */
  readonly unread: ReadonlyMap<string, GuestkitError>;
}

/** The systems of a disk, of a device that is chosen those on it alone; and why it could not be told of a file system. */
export async function findSystems(disk: Disk, choice: TreeChoice): Promise<Systems> {
  const found = await disk.findRoots();
  if (!isChosen(choice)) return { ...found, unread: unreadOf(disk.filesystems) };
  const node = chosen(disk, choice);
  return { ...found, roots: await rootsOn(node, found.roots, disk), unread: unreadOf([node]) };
}

function unreadOf(nodes: readonly DeviceNode[]): Systems["unread"] {
  const all = nodes.map((each) => [each.device, unread(each)] as const);
  return new Map(all.flatMap(([device, error]) => (error ? [[device, error] as const] : [])));
}

/** The systems that stand on a device; a tree that is no system by itself (a snapshot) is one where it was chosen. */
async function rootsOn(node: DeviceNode, roots: readonly Root[], { nodes, budget }: Disk): Promise<readonly Root[]> {
  const found = roots.filter(({ device }) => below([device], nodes).has(node.device));
  if (found.length > 0 || node.kind !== "subvolume" || !isReadable(node)) return found;
  return (await budget.part("systems", () => rootAt(node, nodes, budget))) ?? [];
}

function unknown([device, error]: readonly [string, GuestkitError]): string {
  return `${device} may hold a system that cannot be read: ${error.message}`;
}

function describeFileSystem(each: DeviceNode, error: GuestkitError | null): FileSystemReport {
  const { device, type, uuid, label, size, free, partition } = each;
  return {
    device,
    type,
    uuid,
    label,
    size,
    free,
    partition: partition?.number ?? null,
    partition_uuid: partition?.uuid ?? null,
    partition_name: partition?.name || null,
    error: error && `${error.code}: ${error.message}`,
  };
}
