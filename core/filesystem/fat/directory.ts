import { GuestkitError } from "../../kit/errors.ts";
import { printable } from "../../kit/name.ts";
import type { ByteSource } from "../../source/source.ts";
import type { ChainReader } from "./chain.ts";
import { ATTR_LONG_NAME, ATTR_MASK, ATTR_VOLUME_ID, ENTRY_END, ENTRY_FREE, ENTRY_SIZE, shortEntry } from "./layout.ts";
import { decodeShortName, LongName } from "./name.ts";

/** A directory's piece of contiguous bytes on the volume. */
export interface Area {
  readonly start: number;
  readonly size: number;
}

export interface FatEntry {
  /** Byte offset of its 32 bytes on the volume; a 32nd of it is its inode number. */
  readonly offset: number;
  /** As shown: the long name, or the short one with its NT case bits. */
  readonly name: string;
  readonly shortName: string;
  readonly attributes: number;
}

export interface RawEntry {
  readonly offset: number;
  readonly raw: Uint8Array;
}

/** The kernel and the specification allow 65,536 entries. */
const MAX_DIRECTORY_SIZE = 65_536 * ENTRY_SIZE;

/** The areas of a directory that starts at `cluster`. Throws `E_FAT_CHAIN_*` and `E_FAT_DIRECTORY_SIZE`. */
export async function directoryAreas(chains: ChainReader, cluster: number): Promise<readonly Area[]> {
  const { clusterSize } = chains.volume;
  const runs = await chains.runs(cluster);
  const size = runs.reduce((sum, run) => sum + run.count * clusterSize, 0);
  if (size > Math.max(MAX_DIRECTORY_SIZE, clusterSize)) {
    throw new GuestkitError("E_FAT_DIRECTORY_SIZE", `Cannot read a directory: ${size} bytes are past FAT's limit`, {
      at: { offset: chains.offsetOf(cluster) },
    });
  }
  return runs.map((run) => ({ start: chains.offsetOf(run.start), size: run.count * clusterSize }));
}

/** Files and directories in on-disk order, a batch for each piece read; `.`, `..` and labels left out. */
export async function* readEntries(source: ByteSource, areas: readonly Area[]): AsyncGenerator<readonly FatEntry[]> {
  const long = new LongName();
  for await (const batch of rawEntries(source, areas)) {
    const found: FatEntry[] = [];
    for (const { offset, raw } of batch) {
      const entry = decodeEntry(raw, offset, long);
      if (entry) found.push(entry);
    }
    if (found.length > 0) yield found;
  }
}

/** Used entries of any kind, up to the one that ends the directory. */
export async function* rawEntries(source: ByteSource, areas: readonly Area[]): AsyncGenerator<readonly RawEntry[]> {
  const piece = 64 << 10;
  for (const area of areas) {
    for (let at = 0; at < area.size; at += piece) {
      const bytes = await source.read(area.start + at, Math.min(piece, area.size - at));
      const { entries, ended } = split(bytes, area.start + at);
      yield entries;
      if (ended) return;
    }
  }
}

function split(bytes: Uint8Array, start: number): { entries: readonly RawEntry[]; ended: boolean } {
  const entries: RawEntry[] = [];
  for (let at = 0; at + ENTRY_SIZE <= bytes.length; at += ENTRY_SIZE) {
    if (bytes[at] === ENTRY_END) return { entries, ended: true };
    entries.push({ offset: start + at, raw: bytes.subarray(at, at + ENTRY_SIZE) });
  }
  return { entries, ended: false };
}

function decodeEntry(raw: Uint8Array, offset: number, long: LongName): FatEntry | null {
  const attributes = raw[11] ?? 0;
  if (raw[0] === ENTRY_FREE) {
    long.clear();
    return null;
  }
  if ((attributes & ATTR_MASK) === ATTR_LONG_NAME) {
    long.add(raw);
    return null;
  }
  const { name: rawName, ntRes } = shortEntry.decode(raw);
  const longName = long.take(rawName);
  if (attributes & ATTR_VOLUME_ID || isDot(rawName)) return null;
  const shortName = decodeShortName(rawName, ntRes);
  const name = longName ?? shortName;
  if (!isSafe(name)) throw badName(name, offset);
  return { offset, name, shortName, attributes };
}

/** `.` and `..`, which only stand as short names. */
function isDot(rawName: Uint8Array): boolean {
  return rawName[0] === 0x2e && (rawName[1] === 0x20 || (rawName[1] === 0x2e && rawName[2] === 0x20));
}

function isSafe(name: string): boolean {
  return name !== "" && name !== "." && name !== ".." && !/[/\0]/.test(name);
}

function badName(name: string, offset: number): GuestkitError {
  return new GuestkitError("E_FAT_NAME", `Cannot read a directory: "${printable(name)}" is no file name`, {
    at: { offset },
    help: "The directory is damaged: fsck.fat on a copy of it may mend it.",
  });
}
