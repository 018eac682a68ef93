import type { ByteSource } from "../../source/source.ts";
import { decodeEntries, type Entry, isExtended, SECTOR } from "../boot-record.ts";
import type { Cover, Placed } from "./resize.ts";

/** Linux stops at 255 partitions of a disk. */
const MAX_NUMBER = 255;

/**
 * The partitions of extended ones, numbered from 5 in the order of their chains. A chain that is broken or comes back
 * to itself ends there, which is said in `warnings`.
 */
export async function readLogical(
  source: ByteSource,
  extended: readonly Entry[],
  warnings: string[],
): Promise<Placed[]> {
  const found: Placed[] = [];
  for (const container of extended) await walkChain(source, container, found, warnings);
  return found;
}

async function walkChain(source: ByteSource, container: Entry, found: Placed[], warnings: string[]): Promise<void> {
  const visited = new Set<number>();
  const whole: Cover = { sector: 0, base: 0, entry: container };
  let [{ start, count }, around]: [Entry, readonly Cover[]] = [container, [whole]];
  for (;;) {
    const entries = visited.has(start) ? "it comes back to itself" : await readLink(source, start);
    if (typeof entries === "string") {
      warnings.push(`The chain of logical partitions ends at sector ${start}: ${entries}`);
      return;
    }
    visited.add(start);
    for (const entry of entries) {
      if (!isLogical(entry, start, count, container)) continue;
      if (found.length + 5 > MAX_NUMBER) {
        warnings.push(`Logical partitions past number ${MAX_NUMBER} are left out`);
        return;
      }
      const own = { sector: start, base: start, entry };
      found.push({ ...entry, start: start + entry.start, number: found.length + 5, covers: [own, ...around] });
    }
    const next = entries.find(isExtended);
    if (!next) return;
    around = [{ sector: start, base: container.start, entry: next }, whole];
    [start, count] = [container.start + next.start, next.count];
  }
}

async function readLink(source: ByteSource, start: number): Promise<Entry[] | string> {
  if ((start + 1) * SECTOR > source.size) return "it is past the disk's end";
  return decodeEntries(await source.read(start * SECTOR, SECTOR)) ?? "its signature is missing";
}

/** The third and fourth entry may be garbage: they count where they fit, as for Linux. */
function isLogical(entry: Entry, start: number, count: number, container: Entry): boolean {
  if (entry.count === 0 || isExtended(entry)) return false;
  if (entry.slot <= 2) return true;
  const end = start + entry.start + entry.count;
  return entry.start + entry.count <= count && end <= container.start + container.count;
}
