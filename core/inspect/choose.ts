import type { DiskFileSystem } from "../disk/disk.ts";
import { Tree } from "../filesystem/tree.ts";
import { GuestkitError } from "../kit/errors.ts";
import type { Disk, TreeChoice } from "./disk.ts";
import { isReadable } from "./roots.ts";

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
  const readable = disk.filesystems.filter(isReadable);
  if (readable.length > 1)
    throw ambiguous(
      disk,
      "file systems",
      readable.map(({ device }) => device),
    );
  if (readable[0]) return alone(disk, readable[0]);
  throw nothing(disk);
}

export function isChosen(choice: TreeChoice): boolean {
  return choice.partition !== undefined || choice.filesystem !== undefined;
}

/** Throws `E_TREE_UNKNOWN` where there is no such file system. */
export function chosen(disk: Disk, { partition, filesystem }: TreeChoice): DiskFileSystem {
  const device = filesystem?.replace(/^(?!\/)/, "/dev/");
  const found = disk.filesystems.find(
    (each) => (partition === undefined || each.partition?.number === partition) && (!device || each.device === device),
  );
  if (found) return found;
  const wanted = [partition === undefined ? "" : `partition ${partition}`, filesystem ?? ""].filter(Boolean).join(", ");
  throw new GuestkitError("E_TREE_UNKNOWN", `Cannot open ${wanted} of "${disk.image.name}": there is ${list(disk)}`, {
    help: `Look at what is there: guestkit info "${disk.image.name}"`,
    at: { file: disk.image.name },
  });
}

async function alone({ budget }: Disk, each: DiskFileSystem): Promise<Tree> {
  if (each.error) throw each.error;
  if (each.fs) return Tree.assemble([{ target: "/", fs: each.fs }], budget);
  throw withoutReader(each);
}

/** What is told of content that nothing here reads: `E_TREE_NO_READER`. */
export function withoutReader({ device, type }: DiskFileSystem): GuestkitError {
  const what = type === null ? "its content is not recognised" : `it holds ${type}, which is not read yet`;
  return new GuestkitError("E_TREE_NO_READER", `Cannot open ${device}: ${what}`);
}

function ambiguous(disk: Disk, what: string, devices: readonly string[]): GuestkitError {
  const message = `Cannot choose a file system of "${disk.image.name}": there are ${devices.length} ${what}`;
  const number = disk.filesystems.find(({ device }) => device === devices[0])?.partition?.number;
  return new GuestkitError("E_TREE_AMBIGUOUS", `${message}: ${devices.join(", ")}`, {
    help: `Name one with --filesystem ${devices[0]} or --partition ${number ?? 1}.`,
    at: { file: disk.image.name },
  });
}

function nothing(disk: Disk): GuestkitError {
  const damaged = disk.filesystems.find(({ error }) => error)?.error;
  if (damaged) return damaged;
  return new GuestkitError("E_TREE_NONE", `Cannot open a file system of "${disk.image.name}": there is ${list(disk)}`, {
    at: { file: disk.image.name },
  });
}

function list({ filesystems }: Disk): string {
  return filesystems.map(({ device, type }) => `${device} (${type ?? "unknown"})`).join(", ") || "none";
}
