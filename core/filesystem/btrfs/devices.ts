import { GuestkitError } from "../../kit/errors.ts";
import { hasMagic } from "../../kit/magic.ts";
import { hexOf } from "../../kit/struct.ts";
import type { ByteSource } from "../../source/source.ts";
import type { FileSystemContext } from "../filesystem.ts";
import { BTRFS_MAGIC, SUPERBLOCK_OFFSETS } from "./layout.ts";
import { readSuperblock, type Superblock } from "./superblock.ts";

/** A device of the file system that is there. */
export interface Device {
  readonly source: ByteSource;
  readonly sb: Superblock;
}

export interface Devices {
  /** The one whose superblock counts: the newest, the opened one before others. */
  readonly first: Device;
  /** By their UUIDs in hex. */
  readonly byUuid: ReadonlyMap<string, Device>;
  /** Those of the same file system beside the opened one. */
  readonly peers: readonly ByteSource[];
  readonly warnings: readonly string[];
}

/** Whether the magic stands where it belongs. */
export async function probeBtrfs(source: ByteSource): Promise<boolean> {
  const at = SUPERBLOCK_OFFSETS[0] + 0x40;
  return source.size >= at + 8 && hasMagic(await source.read(at, 8), 0, BTRFS_MAGIC);
}

/**
 * The devices at hand of the file system that `source` belongs to; others' superblocks are read alone. A device that
 * was away for some time has an older superblock: the newest one counts, as at the kernel's mount.
 */
export async function gatherDevices(source: ByteSource, context: FileSystemContext): Promise<Devices> {
  const { sb, warning } = await readSuperblock(source, context);
  const warnings = warning === null ? [] : [warning];
  const peers: ByteSource[] = [];
  let first: Device = { source, sb };
  const byUuid = new Map([[hexOf(sb.raw.dev_uuid), first]]);
  for (const other of context.others) {
    const device = other === source ? null : await openOther(other, context);
    // One with the UUID of another is a copy of it, older or newer: nothing of it is taken.
    if (!device || byUuid.has(hexOf(device.sb.raw.dev_uuid))) continue;
    byUuid.set(hexOf(device.sb.raw.dev_uuid), device);
    const isPeer = hexOf(device.sb.raw.fsid) === hexOf(sb.raw.fsid);
    if (isPeer) peers.push(other);
    if (isPeer && device.sb.raw.generation > first.sb.raw.generation) first = device;
  }
  if (first.source !== source) {
    warnings.push(`"${source.name}" is older than "${first.source.name}", whose superblock was used`);
  }
  return { first, byUuid, peers, warnings };
}

/** A device that cannot be opened counts as one that is missing. */
async function openOther(source: ByteSource, context: FileSystemContext): Promise<Device | null> {
  try {
    if (!(await probeBtrfs(source))) return null;
    return { source, sb: (await readSuperblock(source, context)).sb };
  } catch (error) {
    if (error instanceof GuestkitError) return null;
    throw error;
  }
}
