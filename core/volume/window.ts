import { GuestkitError } from "../kit/errors.ts";
import type { ByteSource } from "../source/source.ts";
import { windowSource } from "../source/window.ts";
import type { Extent, Volume } from "./volume.ts";

export type PlacedVolume = Pick<Volume, "number" | "start" | "size" | "source">;

/**
 * The part of the disk that a partition covers. What lies past the disk's end is cut off or left out, as Linux does;
 * either is said in `warnings`.
 */
export function placeVolume(
  disk: ByteSource,
  { number, start, size }: { number: number; start: number; size: number },
  warnings: string[],
): PlacedVolume | null {
  if (size <= 0 || start >= disk.size) {
    const why = size <= 0 ? "it ends before it starts" : `it starts past the disk's end (${disk.size})`;
    warnings.push(`Partition ${number} at ${start} is left out: ${why}`);
    return null;
  }
  const there = Math.min(size, disk.size - start);
  if (there < size) warnings.push(`Partition ${number} is cut off: it ends ${size - there} bytes past the disk's end`);
  return { number, start, size: there, source: windowSource(disk, start, there, `${disk.name}#${number}`) };
}

/** Two partitions on the same bytes are read all the same, and said. */
export function warnOverlaps(volumes: readonly Volume[], warnings: string[]): void {
  const sorted = volumes.toSorted((a, b) => a.start - b.start);
  let reach = { end: 0, number: 0 };
  for (const { number, start, size } of sorted) {
    if (start < reach.end) warnings.push(`Partitions ${reach.number} and ${number} overlap`);
    if (start + size > reach.end) reach = { end: start + size, number };
  }
}

/** No partition may end past `end` (bytes) of a disk that is to be `diskSize` large. Throws `E_TABLE_ROOM`. */
export function demandRoom(name: string, extents: readonly Extent[], end: number, diskSize: number): void {
  const over = extents.filter(({ start, size }) => start + size > end).toSorted((a, b) => b.start - a.start)[0];
  if (!over) return;
  throw new GuestkitError(
    "E_TABLE_ROOM",
    `Cannot write the partition table of "${name}": partition ${over.number} ends at ${over.start + over.size}, and a disk of ${diskSize} bytes has room up to ${end}`,
    {
      at: { file: name },
      help: `Was the image cut short? Compare its size with the original's. Else give it ${over.start + over.size + (1 << 20)} bytes or more.`,
    },
  );
}
