import type { ByteSource } from "../../source/source.ts";
import { hasSignature, readPrimary, SECTOR, TYPE_PROTECTIVE } from "../boot-record.ts";
import { readTable, type Table } from "./header.ts";
import { gptEntry, SECTOR_SIZES, UNUSED_TYPE } from "./layout.ts";

/** The copy of the table that counts. */
export interface Found {
  readonly table: Table;
  /** What the primary has against itself, where this is its backup; null where this is the primary. */
  readonly damage: string | null;
  /** A protective MBR says that there is a GPT. */
  readonly guarded: boolean;
}

/** Linux asks for a partition of type 0xee at sector 1 before it believes a GPT. */
export async function isProtected(source: ByteSource): Promise<boolean> {
  const entries = await readPrimary(source);
  return entries?.some(({ type, start }) => type === TYPE_PROTECTIVE && start === 1) ?? false;
}

/** The primary table with either sector size, or else the backup. */
export async function findTable(source: ByteSource): Promise<Found | null> {
  const guarded = await isProtected(source);
  for (const sectorSize of SECTOR_SIZES) {
    const { table } = await readTable(source, sectorSize, 1);
    if (table && (guarded || !(await hasSignature(source)))) return { table, damage: null, guarded };
  }
  return findBackup(source, guarded);
}

async function findBackup(source: ByteSource, guarded: boolean): Promise<Found | null> {
  if (!guarded && !(await isWiped(source, SECTOR))) return null;
  for (const sectorSize of SECTOR_SIZES) {
    const first = await readTable(source, sectorSize, 1);
    const named = first.table ? null : first.alternateLba;
    for (const lba of named === null ? [lastLba(source.size, sectorSize)] : [named, lastLba(source.size, sectorSize)]) {
      const { table } = await readTable(source, sectorSize, lba);
      if (!table || !(guarded || (await isWiped(source, firstStart(table))))) continue;
      return { table, damage: first.table ? "it is not guarded" : first.why, guarded };
    }
  }
  return null;
}

/** The backup stands in the last sector. */
export function lastLba(diskSize: number, sectorSize: number): number {
  return Math.floor(diskSize / sectorSize) - 1;
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
