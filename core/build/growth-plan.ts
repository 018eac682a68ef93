/** What grows with a disk, and what stays and why: the same answer for a plan's diagnostics and for what is written. */
import { partitionOf } from "../disk/disk.ts";
import { below } from "../disk/node.ts";
import type { DeviceNode, Disk } from "../inspect/index.ts";
import { GuestkitError } from "../kit/errors.ts";
import type { Extent, ResizedTable, VolumeTable } from "../volume/index.ts";
import { type Candidate, chooseGrowing } from "./growing.ts";

export interface GrowthPlan {
  readonly table: ResizedTable | null;
  /** Partitions as they are. */
  readonly before: readonly Extent[];
  /** The file system that grows along. */
  readonly content: GrowingContent | null;
  readonly notes: readonly GrowthNote[];
}

export interface GrowingContent {
  /** Bytes: where it lies, and how large its place is before and after. */
  readonly start: number;
  readonly oldSize: number;
  readonly size: number;
  /** `partition 2`, or `the disk`. */
  readonly where: string;
}

/** Something to know of a growth that is none of a full stretch. */
export interface GrowthNote {
  readonly code: "W_PARTITION_STAYS" | "W_FILESYSTEM_STAYS" | "W_TABLE_MENDED";
  readonly message: string;
  readonly help: string;
}

/** The growth of an opened disk to `diskSize` bytes. Throws what a table's `resize` throws. */
export async function planGrowth(disk: Disk, diskSize: number): Promise<GrowthPlan> {
  const { table, filesystems, image } = disk;
  if (!table) return growBare(filesystems[0], image.size, diskSize);
  const faults = await table.faults();
  const choice = chooseGrowing(await candidates(disk, table), table.end);
  const resized = await table.resize(diskSize, choice.number);
  const content = resized.grown ? partitionOf(disk, resized.grown.number) : undefined;
  const grown = content && resized.grown ? growContent(content, resized.grown) : NOTHING;
  return {
    table: resized,
    before: table.extents,
    content: grown.content,
    notes: [
      ...(faults.length > 0 ? [mended(faults)] : []),
      ...[...choice.stays, ...resized.notes].map(partitionStays),
      ...grown.notes,
    ],
  };
}

/** Every partition with what it holds, as far as that is known. */
async function candidates(disk: Disk, { extents, volumes }: VolumeTable): Promise<readonly Candidate[]> {
  const roots = await rootDevices(disk);
  return extents.map((extent) => {
    const held = partitionOf(disk, extent.number);
    const type = volumes.find(({ number }) => number === extent.number)?.type ?? "";
    return { ...extent, type, content: held?.type ?? null, isRoot: held !== undefined && roots.has(held.device) };
  });
}

/** What systems stand on. It is named in words alone: where it cannot be told, the growth is the same. */
async function rootDevices(disk: Disk): Promise<ReadonlySet<string>> {
  try {
    const { roots } = await disk.findRoots();
    return below(
      roots.map(({ device }) => device),
      disk.nodes,
    );
  } catch (error) {
    if (error instanceof GuestkitError) return new Set();
    throw error;
  }
}

const NOTHING: Pick<GrowthPlan, "content" | "notes"> = { content: null, notes: [] };

function growBare(content: DeviceNode | undefined, oldSize: number, size: number): GrowthPlan {
  return { table: null, before: [], ...(content ? growContent(content, { start: 0, oldSize, size }) : NOTHING) };
}

function growContent(
  { type, device, partition }: DeviceNode,
  { start, oldSize, size }: { readonly start: number; readonly oldSize: number; readonly size: number },
): Pick<GrowthPlan, "content" | "notes"> {
  const where = partition ? `partition ${partition.number}` : "the disk";
  if (type === null) return NOTHING;
  if (/^ext[234]$/.test(type)) return { content: { start, oldSize, size, where }, notes: [] };
  const grows = partition ? `partition ${partition.number} grows, and ` : "";
  const message = `${grows}the ${type} on ${device} stays as large as it is: only ext2/3/4 grow with the disk`;
  return { content: null, notes: [{ code: "W_FILESYSTEM_STAYS", message, help: "Grow it inside the guest." }] };
}

function partitionStays(message: string): GrowthNote {
  const help = "Grow it inside the guest, or lay the image out with the partition that is to grow as the last one.";
  return { code: "W_PARTITION_STAYS", message, help };
}

function mended(faults: readonly string[]): GrowthNote {
  const message = `the partition table is written anew by what can be read of it: ${faults.join("; ")}`;
  return { code: "W_TABLE_MENDED", message, help: "Look whether anything else was lost: guestkit inspect IMAGE." };
}
