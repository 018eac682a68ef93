import { type DeviceNode, isReadable, type Readable } from "../disk/node.ts";
import { type Mount, Tree } from "../filesystem/tree.ts";
import { type FstabEntry, readFstab } from "../guest/fstab.ts";
import { type Budget, isLate } from "../kit/budget.ts";
import { GuestkitError } from "../kit/errors.ts";
import { deploymentOf } from "./deployments.ts";
import { isStorage } from "./find-device.ts";
import { type GuestDevices, guestDevices } from "./guest-devices.ts";
import type { MountReport } from "./report.ts";
import { subvolumeOf, subvolumesOf, systemsAmong } from "./subvolumes.ts";

/** A system's root with what its fstab mounts. */
export interface Root {
  readonly device: string;
  readonly tree: Tree;
  readonly mounts: readonly MountReport[];
  /** Where its fstab mounts, unasked, what is not on these disks or cannot be read. */
  readonly unmounted: readonly string[];
  readonly warnings: readonly string[];
  /** By the names that its own files give them. */
  readonly devices: GuestDevices;
}

export interface Roots {
  readonly roots: readonly Root[];
  /** Why it could not be told of a file system, by its device. */
  readonly failed: ReadonlyMap<string, GuestkitError>;
}

/** NixOS lays its links into the store when it starts: before that the store is all there is. */
const PROGRAM_FOLDERS = ["/bin", "/usr", "/sbin", "/nix/store"];
const SYSTEM_FILES = [
  ...["/etc/os-release", "/etc/fstab", "/etc/passwd", "/usr/lib/os-release", "/etc/debian_version"],
  ...["/etc/NIXOS", "/nix/var/nix/profiles/system"],
];

/** Every file system that holds a system's /, in the disk's order. */
export function findRoots(nodes: readonly DeviceNode[], budget: Budget): Promise<Roots> {
  return budget.part("systems", () => lookForRoots(nodes, budget));
}

async function lookForRoots(nodes: readonly DeviceNode[], budget: Budget): Promise<Roots> {
  const roots: Root[] = [];
  const failed = new Map<string, GuestkitError>();
  for (const each of nodes.filter(isReadable)) {
    if (each.kind === "subvolume") continue;
    try {
      for (const root of await systemsIn(each, nodes, budget)) roots.push(root);
    } catch (error) {
      if (!(error instanceof GuestkitError) || isLate(error)) throw error;
      failed.set(each.device, error);
    }
  }
  return { roots, failed };
}

async function systemsIn(each: Readable, nodes: readonly DeviceNode[], budget: Budget): Promise<readonly Root[]> {
  const subvolumes = subvolumesOf(each, nodes).filter(isReadable);
  if (subvolumes.length === 0) return (await rootAt(each, nodes, budget)) ?? [];
  const found: Root[] = [];
  for (const { node, system } of await systemsAmong(each, subvolumes, (node) => systemOn(node, nodes, budget))) {
    found.push(await assemble(node, system, nodes));
  }
  return found;
}

/** The system whose root is this very file system; null where it holds none. */
export async function rootAt(
  node: Readable,
  nodes: readonly DeviceNode[],
  budget: Budget,
): Promise<readonly [Root] | null> {
  const system = await systemOn(node, nodes, budget);
  return system && [await assemble(node, system, nodes)];
}

/** A system without what its fstab mounts. */
interface System {
  readonly tree: Tree;
  /** Of the tree's mounts. */
  readonly devices: readonly MountedDevice[];
  readonly warnings: readonly string[];
}

interface MountedDevice {
  readonly target: string;
  readonly device: string;
}

/** The system whose / a file system holds, by itself or in a deployment; null where it holds none. */
async function systemOn(node: Readable, nodes: readonly DeviceNode[], budget: Budget): Promise<System | null> {
  const alone = await Tree.assemble([{ target: "/", fs: node.fs }], budget);
  const deployment = await deploymentOf(node, alone, nodes);
  // What was there before a deployment was laid beside it does not start any more.
  if (!deployment?.isStarted && (await isRoot(alone))) {
    return { tree: alone, devices: [{ target: "/", device: node.device }], warnings: [] };
  }
  if (!deployment) return null;
  const { mounts, warnings } = deployment;
  const tree = await Tree.assemble(mounts, budget);
  return (await isRoot(tree)) ? { tree, devices: mounts, warnings } : null;
}

/** /etc, programs, and one of the files that only a system has; links need not lead anywhere yet. */
async function isRoot(tree: Tree): Promise<boolean> {
  if ((await tree.stat("/etc"))?.type !== "directory") return false;
  return (await anyOf(tree, PROGRAM_FOLDERS)) && (await anyOf(tree, SYSTEM_FILES));
}

async function anyOf(tree: Tree, paths: readonly string[]): Promise<boolean> {
  for (const path of paths) if (await tree.resolve(path, { follow: false })) return true;
  return false;
}

/** A line of fstab with the device and the tree in it that it means; `on` is null where there is none such. */
interface Located {
  readonly entry: FstabEntry;
  readonly device: DeviceNode | null;
  readonly on: DeviceNode | null;
}

/** Lays over the root whatever of its fstab is on these disks; the rest is named in warnings. */
async function assemble(root: Readable, system: System, nodes: readonly DeviceNode[]): Promise<Root> {
  const { tree: alone } = system;
  const entries = (await readFstab(alone)).filter(isStorage);
  const devices = await guestDevices(root, alone, nodes);
  const found = entries.map((entry): Located => {
    if (entry.target === "/") return { entry, device: root, on: root };
    const device = devices.find(entry.spec);
    return { entry, device, on: device && subvolumeOf(device, entry.options, nodes) };
  });
  const usable = found.flatMap(({ entry, on }) => (on && isReadable(on) ? [{ entry, on }] : []));
  const own = usable.filter(({ entry }) => entry.target !== "/");
  const mounts = own.map(({ entry, on }) => ({ target: normal(entry.target), fs: on.fs }));
  const named = new Set(mounts.map(({ target }) => target));
  const kept = alone.mounts.filter(({ target }) => !named.has(target));
  const tree = await Tree.assemble([...kept, ...mounts], alone.budget);
  const there = new Set(tree.mounts.map(({ target }) => target));
  const isMounted = ({ entry }: { readonly entry: FstabEntry }) => there.has(normal(entry.target));
  const mounted = own.filter(isMounted);
  const ofItself = kept.filter(({ target }) => there.has(target)).map((mount) => ownReport(mount, system, entries));
  return {
    device: root.device,
    tree,
    devices,
    unmounted: entries.filter(isByItself).flatMap(({ target }) => (there.has(normal(target)) ? [] : [normal(target)])),
    mounts: [...ofItself, ...mounted.map(({ entry, on }) => report(on, normal(entry.target), entry))],
    warnings: [
      ...system.warnings,
      ...found.flatMap((each) => missing(root.device, each)),
      ...own
        .filter((each) => !isMounted(each))
        .map(({ entry }) => `${root.device}: ${entry.target} is not mounted: there is no such directory`),
    ],
  };
}

/** Mounted at the start, or by the first who looks: what lies below is never seen. */
const isByItself = ({ options }: FstabEntry): boolean =>
  !options.includes("noauto") || options.includes("x-systemd.automount");

/** Of what is mounted without fstab; that may tell the options of /. */
function ownReport({ target, fs }: Mount, { devices }: System, entries: readonly FstabEntry[]): MountReport {
  const device = devices.find((each) => each.target === target)?.device ?? "";
  const options = entries.find((each) => each.target === target)?.options.join(",") ?? null;
  return { target, device, type: fs.type, options };
}

function missing(root: string, { entry, device, on }: Located): readonly string[] {
  const { spec, target } = entry;
  const not = (why: string) => [`${root}: ${target} is not mounted: ${why}`];
  if (!device) return not(`${spec} is not on this disk`);
  if (!on) return not(`${device.device} has no such subvolume (${entry.options.join(",")})`);
  if (on.fs) return [];
  const why = on.error ?? on.locked;
  return not(`${on.device}: ${why ? why.message : `${on.type ?? "its content"} is not read yet`}`);
}

function report(on: Readable, target: string, entry: FstabEntry): MountReport {
  return { target, device: on.device, type: on.fs.type, options: entry.options.join(",") };
}

/** Without a slash at the end. */
function normal(target: string): string {
  let end = target.length;
  while (end > 1 && target[end - 1] === "/") end--;
  return target.slice(0, end);
}
