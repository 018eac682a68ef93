import { type DeviceNode, isReadable, type Readable } from "../disk/node.ts";
import { Tree } from "../filesystem/tree.ts";
import { type FstabEntry, readFstab } from "../guest/fstab.ts";
import { type Budget, isLate } from "../kit/budget.ts";
import { GuestkitError } from "../kit/errors.ts";
import { isStorage } from "./find-device.ts";
import { type GuestDevices, guestDevices } from "./guest-devices.ts";
import type { MountReport } from "./report.ts";
import { subvolumeOf, subvolumesOf, systemsAmong } from "./subvolumes.ts";

/** A system's root with what its fstab mounts. */
export interface Root {
  readonly device: string;
  readonly tree: Tree;
  readonly mounts: readonly MountReport[];
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
  for (const { node, tree } of await systemsAmong(each, subvolumes, (node) => systemTree(node, budget))) {
    found.push(await assemble(node, tree, nodes));
  }
  return found;
}

/** The system whose root is this very file system; null where it holds none. */
export async function rootAt(
  node: Readable,
  nodes: readonly DeviceNode[],
  budget: Budget,
): Promise<readonly [Root] | null> {
  const tree = await systemTree(node, budget);
  return tree && [await assemble(node, tree, nodes)];
}

/** The tree of a file system that holds a system's /; null where it is none. */
async function systemTree({ fs }: Readable, budget: Budget): Promise<Tree | null> {
  const alone = await Tree.assemble([{ target: "/", fs }], budget);
  return (await isRoot(alone)) ? alone : null;
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
async function assemble(root: Readable, alone: Tree, nodes: readonly DeviceNode[]): Promise<Root> {
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
  const tree = await Tree.assemble([{ target: "/", fs: root.fs }, ...mounts], alone.budget);
  const there = new Set(tree.mounts.map(({ target }) => target));
  const isMounted = ({ entry }: { readonly entry: FstabEntry }) => there.has(normal(entry.target));
  const mounted = own.filter(isMounted);
  const rootEntry = entries.find(({ target }) => target === "/");
  return {
    device: root.device,
    tree,
    devices,
    mounts: [report(root, "/", rootEntry), ...mounted.map(({ entry, on }) => report(on, normal(entry.target), entry))],
    warnings: [
      ...found.flatMap((each) => missing(root.device, each)),
      ...own
        .filter((each) => !isMounted(each))
        .map(({ entry }) => `${root.device}: ${entry.target} is not mounted: there is no such directory`),
    ],
  };
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

function report(on: Readable, target: string, entry: FstabEntry | undefined): MountReport {
  return { target, device: on.device, type: on.fs.type, options: entry?.options.join(",") ?? null };
}

/** Without a slash at the end. */
function normal(target: string): string {
  let end = target.length;
  while (end > 1 && target[end - 1] === "/") end--;
  return target.slice(0, end);
}
