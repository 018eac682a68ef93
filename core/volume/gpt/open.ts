import { GuestkitError } from "../../kit/errors.ts";
import type { ByteSource } from "../../source/source.ts";
import { hasSignature, readPrimary, SECTOR, TYPE_PROTECTIVE } from "../boot-record.ts";
import type { Volume, VolumeTable } from "../volume.ts";
import { placeVolume, warnOverlaps } from "../window.ts";
import { readTable, type Table } from "./header.ts";
import { gptEntry, LEGACY_BOOTABLE, SECTOR_SIZES, UNUSED_TYPE } from "./layout.ts";

/** Whether a protective MBR says so, or a whole header stands where it should. Hybrid MBRs count, as for Linux. */
export async function probeGpt(source: ByteSource): Promise<boolean> {
  return (await isProtected(source)) || (await findTable(source)) !== null;
}

/** Throws `E_GPT_DAMAGED` where neither the table nor its backup is whole. */
export async function openGpt(source: ByteSource): Promise<VolumeTable> {
  const found = await findTable(source);
  if (!found) throw await damagedBoth(source);
  const { table, warnings } = found;
  const volumes = readVolumes(source, table, warnings);
  return { scheme: "gpt", uuid: table.diskGuid, sectorSize: table.sectorSize, volumes, warnings };
}

/** Linux asks for a partition of type 0xee at sector 1 before it believes a GPT. */
async function isProtected(source: ByteSource): Promise<boolean> {
  const entries = await readPrimary(source);
  return entries?.some(({ type, start }) => type === TYPE_PROTECTIVE && start === 1) ?? false;
}

interface Found {
  readonly table: Table;
  readonly warnings: string[];
}

/** The primary table with either sector size, or else the backup. */
async function findTable(source: ByteSource): Promise<Found | null> {
  const guarded = await isProtected(source);
  for (const sectorSize of SECTOR_SIZES) {
    const { table } = await readTable(source, sectorSize, 1);
    if (table && (guarded || !(await hasSignature(source)))) return primary(table, guarded);
  }
  return findBackup(source, guarded);
}

function primary(table: Table, guarded: boolean): Found {
  const warnings = guarded ? [] : ["The protective MBR is missing: Linux would see no partitions. Mend it with gdisk"];
  return { table, warnings };
}

async function findBackup(source: ByteSource, guarded: boolean): Promise<Found | null> {
  if (!guarded && !(await isWiped(source, SECTOR))) return null;
  for (const sectorSize of SECTOR_SIZES) {
    const first = await readTable(source, sectorSize, 1);
    const named = first.table ? null : first.alternateLba;
    for (const lba of named === null ? [lastLba(source, sectorSize)] : [named, lastLba(source, sectorSize)]) {
      const { table } = await readTable(source, sectorSize, lba);
      if (!table || !(guarded || (await isWiped(source, firstStart(table))))) continue;
      return { table, warnings: [usedBackup(first.table ? "it is not guarded" : first.why)] };
    }
  }
  return null;
}

/** The backup stands in the last sector. */
function lastLba(source: ByteSource, sectorSize: number): number {
  return Math.floor(source.size / sectorSize) - 1;
}

function usedBackup(why: string): string {
  return `The primary GPT is damaged (${why}): its backup was used. Mend it: gdisk DISK, then r, b, c, w`;
}

/**
 * Without a protective MBR a backup may be left over below a bare file system: only zeros up to the first partition
 * speak for it.
 */
async function isWiped(source: ByteSource, end: number): Promise<boolean> {
  const head = await source.read(0, Math.min(end, MAX_HEAD, source.size));
  return head.every((byte) => byte === 0);
}

/** Bytes that are looked at: file systems have their marks in the first 65 KiB. */
const MAX_HEAD = 1 << 20;

function firstStart({ entries, sizeOfEntry, sectorSize }: Table): number {
  let first = Number.MAX_SAFE_INTEGER;
  for (let at = 0; at + sizeOfEntry <= entries.length; at += sizeOfEntry) {
    const { type, firstLba } = gptEntry.decode(entries, at);
    if (type !== UNUSED_TYPE) first = Math.min(first, firstLba * sectorSize);
  }
  return first;
}

async function damagedBoth(source: ByteSource): Promise<GuestkitError> {
  const why = await Promise.all(
    SECTOR_SIZES.map(async (sectorSize) => {
      const first = await readTable(source, sectorSize, 1);
      const backup = await readTable(source, sectorSize, lastLba(source, sectorSize));
      const text = [first, backup].map((finding) => (finding.table ? "whole" : finding.why)).join("; its backup: ");
      return `with sectors of ${sectorSize} bytes ${text}`;
    }),
  );
  return new GuestkitError("E_GPT_DAMAGED", `Cannot read the partitions of "${source.name}": ${why.join(", and ")}`, {
    at: { file: source.name, offset: 512 },
    help: `Neither the GUID partition table nor its backup is whole: testdisk or gdisk can rebuild it on a copy.`,
  });
}

function readVolumes(source: ByteSource, table: Table, warnings: string[]): Volume[] {
  const { entries, sizeOfEntry, sectorSize } = table;
  const volumes: Volume[] = [];
  for (let index = 0; (index + 1) * sizeOfEntry <= entries.length; index++) {
    const { type, uuid, firstLba, lastLba, attributes, name } = gptEntry.decode(entries, index * sizeOfEntry);
    if (type === UNUSED_TYPE) continue;
    const place = { number: index + 1, start: firstLba * sectorSize, size: (lastLba - firstLba + 1) * sectorSize };
    const window = placeVolume(source, place, warnings);
    if (!window) continue;
    const bootable = (attributes & LEGACY_BOOTABLE) !== 0n;
    volumes.push({ ...window, type, uuid, name: decodeName(name), bootable });
  }
  warnOverlaps(volumes, warnings);
  return volumes;
}

/** UTF-16 up to the first NUL. */
function decodeName(raw: Uint8Array): string {
  const text = new TextDecoder("utf-16le").decode(raw);
  const end = text.indexOf("\0");
  return end < 0 ? text : text.slice(0, end);
}
