import { partitionOf } from "../disk/disk.ts";
import { FIRST_DISK } from "../disk/names.ts";
import { below, type DeviceNode, isReadable } from "../disk/node.ts";
import { Tree } from "../filesystem/tree.ts";
import { GuestkitError } from "../kit/errors.ts";
import { printable } from "../kit/name.ts";
import type { Disk, TreeChoice } from "./disk.ts";
import { findDevice } from "./find-device.ts";

/** See `Disk.tree`. */
export async function chooseTree(disk: Disk, choice: TreeChoice): Promise<Tree> {
  if (isChosen(choice)) return alone(disk, chosen(disk, choice));
  const roots = await disk.roots();
  if (roots.length > 1)
    throw ambiguous(
      disk,
      "systems",
      roots.map(({ device }) => device),
    );
  if (roots[0]) return roots[0].tree;
  const readable = wholeTrees(disk.filesystems);
  if (readable.length > 1)
    throw ambiguous(
      disk,
      "file systems",
      readable.map(({ device }) => device),
    );
  const [only] = readable;
  if (!only) throw nothing(disk);
  const hidden = disk.filesystems.map(unread).find((each) => each !== null);
  if (hidden) throw unsure(hidden, only);
  return alone(disk, only);
}

/** Readable file systems; a tree within one is reached through it. */
export function wholeTrees(nodes: readonly DeviceNode[]) {
  return nodes.filter(isReadable).filter(({ kind }) => kind !== "subvolume");
}

export function isChosen(choice: TreeChoice): boolean {
  return choice.partition !== undefined || choice.filesystem !== undefined;
}

/**
 * The device that was chosen; of one that others are made of the only file system that stands on it. Throws
 * `E_TREE_UNKNOWN` where there is no such device.
 */
export function chosen(disk: Disk, choice: TreeChoice): DeviceNode {
  const found = named(disk, choice);
  if (!found) throw unknown(disk, choice);
  if (found.fs || found.error || found.locked) return found;
  if (found.partOf !== null) return disk.nodes.find(({ device }) => device === found.partOf) ?? found;
  const above = disk.nodes.filter((each) => endsIn(each) && below([each.device], disk.nodes).has(found.device));
  return above.length === 1 && above[0] ? above[0] : found;
}

/** Not further devices, nor a tree within a file system. */
function endsIn({ kind, fs, error, locked }: DeviceNode): boolean {
  return kind !== "subvolume" && (fs ?? error ?? locked) !== null;
}

function named({ nodes, filesystems }: Disk, { partition, filesystem }: TreeChoice): DeviceNode | undefined {
  const own = partition === undefined ? undefined : partitionOf({ filesystems }, partition);
  if (filesystem === undefined) return own;
  const found = findDevice(nameOf(filesystem), nodes) ?? undefined;
  return partition === undefined || own === found ? found : undefined;
}

/** `sda1` is `/dev/sda1`. */
function nameOf(filesystem: string): string {
  return /^(?:\/|btrfsvol:|[A-Za-z]+=)/.test(filesystem) ? filesystem : `/dev/${filesystem}`;
}

function unknown(disk: Disk, { partition, filesystem }: TreeChoice): GuestkitError {
  const wanted = [partition === undefined ? "" : `partition ${partition}`, filesystem ?? ""].filter(Boolean).join(", ");
  return new GuestkitError("E_TREE_UNKNOWN", `Cannot open ${wanted} of "${disk.image.name}": there is ${list(disk)}`, {
    help: `Look at what is there: guestkit info "${disk.image.name}"`,
    at: { file: disk.image.name },
  });
}

async function alone({ budget, nodes }: Disk, each: DeviceNode): Promise<Tree> {
  if (each.error) throw each.error;
  if (each.fs) return Tree.assemble([{ target: "/", fs: each.fs }], budget);
  throw each.locked ?? withoutReader(each, nodes);
}

/** What there is and is not read, for a report; null where it is, or where there is nothing to read: swap, a member. */
export function unread(each: DeviceNode): GuestkitError | null {
  if (each.error ?? each.locked) return each.error ?? each.locked;
  const isDone = each.type === null || each.fs || each.isMember || each.partOf !== null || each.type === "swap";
  return isDone ? null : withoutReader(each, []);
}

/** What is told of content that nothing here reads: `E_TREE_NO_READER`. */
function withoutReader({ device, type, isMember }: DeviceNode, nodes: readonly DeviceNode[]): GuestkitError {
  const made = isMember ? nodes.filter(({ on }) => on.includes(device)).map((each) => each.device) : [];
  const help = made.length > 0 ? { help: `Name what is made of it: --filesystem ${made[0]}` } : {};
  const what =
    type === null
      ? "its content is not recognised"
      : `it holds ${type}, ${isMember ? "which others are made of" : "which is not read yet"}`;
  return new GuestkitError("E_TREE_NO_READER", `Cannot open ${printable(device)}: ${what}`, help);
}

function ambiguous(disk: Disk, what: string, devices: readonly string[]): GuestkitError {
  const message = `Cannot choose a file system of "${disk.image.name}": there are ${devices.length} ${what}`;
  const first = disk.filesystems.find(({ device }) => device === devices[0]);
  const number = first?.on[0] === FIRST_DISK ? first.partition?.number : undefined;
  return new GuestkitError("E_TREE_AMBIGUOUS", `${message}: ${listed(devices)}`, {
    help: `Name one with --filesystem ${printable(devices[0] ?? "")}${number === undefined ? "" : ` or --partition ${number}`}.`,
    at: { file: disk.image.name },
  });
}

/** What is read beside it is /boot or the like more often than not: a copy of that alone would pass for all there is. */
function unsure({ code, message, help, at }: GuestkitError, { device }: DeviceNode): GuestkitError {
  const own = help === undefined ? "" : `${help} `;
  return new GuestkitError(code, message, { at, help: `${own}To read what is beside it: --filesystem ${device}` });
}

function nothing(disk: Disk): GuestkitError {
  const damaged = disk.filesystems.find(({ error }) => error)?.error;
  const locked = disk.filesystems.find(({ locked }) => locked)?.locked;
  if (damaged ?? locked) return (damaged ?? locked) as GuestkitError;
  return new GuestkitError("E_TREE_NONE", `Cannot open a file system of "${disk.image.name}": there is ${list(disk)}`, {
    at: { file: disk.image.name },
    help: `Look at what is there: guestkit info "${disk.image.name}"`,
  });
}

function list({ filesystems }: Disk): string {
  return listed(filesystems.map(({ device, type }) => `${device} (${type ?? "unknown"})`)) || "none";
}

/** There may be thousands. */
const SHOWN = 20;

/** A tree's name may hold any character: none of it becomes a line of ours. */
function listed(names: readonly string[]): string {
  const more = names.length > SHOWN ? [`and ${names.length - SHOWN} more`] : [];
  return [...names.slice(0, SHOWN).map(printable), ...more].join(", ");
}
