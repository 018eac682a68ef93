import { randomBytes, randomUUID } from "node:crypto";
import { GuestkitError } from "../kit/errors.ts";
import { encodeCopies, newCopies } from "../volume/gpt/encode.ts";
import { newProtective } from "../volume/gpt/protective.ts";
import type { ByteRange } from "../volume/index.ts";
import { mbrBytes } from "./mbr.ts";
import {
  alignDown,
  alignUp,
  isLogical,
  MIB,
  PARTITION_TYPES,
  type PlacedPartition,
  SECTOR,
  type TableLayout,
  type WantedPartition,
} from "./partition.ts";

export * from "./partition.ts";

/** Everything that makes the partition table: boot sector, GPT headers and entries, EBRs. */
export function tableBytes(layout: TableLayout): readonly ByteRange[] {
  if (layout.scheme === "mbr") return mbrBytes(layout, randomBytes(4));
  return gptBytes(layout);
}

/** Sectors of 512 bytes. */
function gptBytes({ diskSize, uuid, partitions }: TableLayout): readonly ByteRange[] {
  const entries = partitions.map(({ name, type, start, size, uuid: own }) => ({
    ...{ name, type: PARTITION_TYPES[type].gpt, uuid: own ?? randomUUID() },
    ...{ firstLba: start / SECTOR, lastLba: (start + size) / SECTOR - 1 },
  }));
  const copies = newCopies(SECTOR, uuid ?? randomUUID(), entries);
  return [{ offset: 0, bytes: newProtective(Math.floor(diskSize / SECTOR)) }, ...encodeCopies(copies, diskSize)];
}

/**
 * Puts partitions one after another, each on a boundary of 1 MiB. On an MBR with more than four, those from the fourth
 * on are logical, each with a MiB before it for its EBR. Throws `E_LAYOUT_SIZE` where they do not fit.
 */
export function placePartitions(
  scheme: "gpt" | "mbr",
  diskSize: number,
  wanted: readonly WantedPartition[],
): readonly PlacedPartition[] {
  const end = alignDown(diskSize - (scheme === "gpt" ? MIB : 0), MIB);
  let at = MIB;
  return wanted.map((each, index) => {
    const start = at + leadIn(scheme, wanted.length, index);
    const size = each.size === undefined ? end - start : alignUp(each.size, 4096);
    if (size <= 0 || start + size > Math.max(end, usableEnd(scheme, diskSize))) throw noRoom(each, diskSize, wanted);
    at = alignUp(start + size, MIB);
    return { name: each.name, type: each.type, start, size };
  });
}

/** The least disk that holds partitions of given sizes (bytes). */
export function requiredSize(scheme: "gpt" | "mbr", wanted: readonly WantedPartition[]): number {
  const lead = wanted.reduce((sum, _, index) => sum + leadIn(scheme, wanted.length, index), 0);
  const sizes = wanted.reduce((sum, each) => sum + alignUp(each.size ?? MIB, MIB), 0);
  return 2 * MIB + lead + sizes;
}

function leadIn(scheme: "gpt" | "mbr", count: number, index: number): number {
  return scheme === "mbr" && isLogical(count, index) ? MIB : 0;
}

/** GPT keeps 33 sectors at the end: entries and header. */
function usableEnd(scheme: "gpt" | "mbr", diskSize: number): number {
  return scheme === "gpt" ? diskSize - 33 * SECTOR : diskSize;
}

function noRoom(each: WantedPartition, diskSize: number, wanted: readonly WantedPartition[]): GuestkitError {
  return new GuestkitError(
    "E_LAYOUT_SIZE",
    `Cannot lay out partition "${each.name}": it does not fit on a disk of ${diskSize} bytes`,
    { help: `Make the disk larger, or ${wanted.length > 1 ? "the partitions" : "it"} smaller.` },
  );
}
