import { GuestkitError } from "../../kit/errors.ts";
import { printable } from "../../kit/name.ts";
import { FLAG_ASSOCIATED, FLAG_MULTI_EXTENT, SECTOR } from "./layout.ts";
import { decodeRecord, type IsoRecord, isDirectory, isDot, isSelf, readRecord } from "./record.ts";
import type { IsoVolume } from "./volume.ts";

/** Sectors that are read at a time. */
const PIECE = 32 * SECTOR;
/** Sections of one file (4 GiB each). */
const MAX_SECTIONS = 4096;

/** The record with which a directory that starts at `start` describes itself. Throws `E_ISO9660_DIRECTORY`. */
export async function selfRecord(volume: IsoVolume, start: number): Promise<IsoRecord> {
  const self = await readRecord(volume, start);
  if (!self || !isDirectory(self) || !isSelf(self)) throw damaged(volume, start, "it does not start with itself");
  if (start + self.size > volume.source.size) {
    throw damaged(volume, start, `its ${self.size} bytes end past the volume's end`);
  }
  return self;
}

/** A batch for each piece read: files by the first of their records; `.`, `..` and associated files left out. */
export async function* readDirectory(volume: IsoVolume, start: number): AsyncGenerator<readonly IsoRecord[]> {
  const self = await selfRecord(volume, start);
  const end = start + self.size;
  let within = false;
  for (let at = start; at < end; ) {
    const next = Math.min(end, (Math.floor(at / SECTOR) + PIECE / SECTOR) * SECTOR);
    const records = splitSectors(volume, await volume.source.read(at, next - at), at);
    const found: IsoRecord[] = [];
    for (const record of records) {
      if (!within && !isDot(record) && !(record.flags & FLAG_ASSOCIATED)) found.push(record);
      within = (record.flags & FLAG_MULTI_EXTENT) !== 0;
    }
    if (found.length > 0) yield found;
    at = next;
  }
}

function splitSectors(volume: IsoVolume, bytes: Uint8Array, start: number): readonly IsoRecord[] {
  const found: IsoRecord[] = [];
  for (let from = 0; from < bytes.length; ) {
    const sectorEnd = Math.min(bytes.length, from + SECTOR - ((start + from) % SECTOR));
    const sector = bytes.subarray(0, sectorEnd);
    for (let at = from; at < sectorEnd; ) {
      const record = decodeRecord(volume, sector, at, start + at);
      if (!record) break;
      found.push(record);
      at += record.length;
    }
    from = sectorEnd;
  }
  return found;
}

/** All records of the file whose first one stands at `offset`. Throws `E_ISO9660_SECTIONS`. */
export async function fileSections(volume: IsoVolume, offset: number): Promise<readonly [IsoRecord, ...IsoRecord[]]> {
  const first = await readRecord(volume, offset);
  if (!first) throw noRecord(volume, offset);
  const all: [IsoRecord, ...IsoRecord[]] = [first];
  for (let last = first; last.flags & FLAG_MULTI_EXTENT; ) {
    const next = await followingRecord(volume, last);
    if (!next || !sameName(first, next) || all.length >= MAX_SECTIONS) throw endless(volume, first, all.length);
    all.push(next);
    last = next;
  }
  return all;
}

/** The next record of the same directory, which may stand at the start of the next sector. */
async function followingRecord(volume: IsoVolume, { offset, length }: IsoRecord): Promise<IsoRecord | null> {
  const at = offset + length;
  const found = at % SECTOR === 0 ? null : await readRecord(volume, at);
  return found ?? readRecord(volume, Math.ceil(at / SECTOR) * SECTOR);
}

function sameName(one: IsoRecord, other: IsoRecord): boolean {
  return one.name.length === other.name.length && one.name.every((byte, index) => byte === other.name[index]);
}

/** Refuses what could lead out of a tree. Throws `E_ISO9660_NAME`. */
export function checkName(volume: IsoVolume, name: Uint8Array, { offset }: IsoRecord): void {
  const text = new TextDecoder().decode(name);
  const fit = name.length > 0 && name.length <= 1020 && text !== "." && text !== ".." && !/[/\0]/.test(text);
  if (fit) return;
  throw new GuestkitError("E_ISO9660_NAME", `Cannot read a directory: "${printable(text)}" is no file name`, {
    at: { file: volume.source.name, offset },
  });
}

export function noRecord({ source }: IsoVolume, offset: number): GuestkitError {
  return new GuestkitError("E_ISO9660_INODE", `Cannot read inode ${offset}: no file's record is there`, {
    at: { file: source.name, offset },
  });
}

function damaged({ source }: IsoVolume, offset: number, what: string): GuestkitError {
  return new GuestkitError("E_ISO9660_DIRECTORY", `Cannot read a directory: ${what}`, {
    at: { file: source.name, offset },
    help: "The image is cut short or damaged: compare its size and sha256 with the original's.",
  });
}

function endless({ source }: IsoVolume, { offset }: IsoRecord, count: number): GuestkitError {
  return new GuestkitError("E_ISO9660_SECTIONS", `Cannot read a file: the section after number ${count} is missing`, {
    at: { file: source.name, offset },
  });
}
