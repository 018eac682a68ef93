import type { ByteSource } from "../../source/source.ts";
import { type Found, lastLba } from "./find.ts";
import { readTable, type Table } from "./header.ts";

/** What the two copies of a table and its protective MBR have against themselves. */
export async function copyFaults(source: ByteSource, { table, guarded }: Found): Promise<readonly string[]> {
  const { sectorSize } = table;
  const first = await readTable(source, sectorSize, 1);
  const backup = await readTable(source, sectorSize, lastLba(source.size, sectorSize));
  return [
    ...(guarded ? [] : ["the protective MBR is missing"]),
    ...(first.table ? [] : [`the primary GPT is damaged (${first.why})`]),
    ...(backup.table ? [] : [await backupFault(source, table, backup.why)]),
    ...(first.table && backup.table && !isSame(first.table, backup.table) ? ["the two copies of the GPT differ"] : []),
  ];
}

/** A disk that grew has left it behind. */
async function backupFault(source: ByteSource, table: Table, why: string): Promise<string> {
  const lba = Math.max(table.myLba, table.alternateLba);
  const elsewhere = lba < lastLba(source.size, table.sectorSize);
  const { table: left } = elsewhere ? await readTable(source, table.sectorSize, lba) : { table: null };
  if (left) return `the backup GPT stands at sector ${lba} and not at the disk's end`;
  return `the backup GPT is damaged (${why})`;
}

function isSame(first: Table, backup: Table): boolean {
  const same = first.entries.length === backup.entries.length && first.diskGuid === backup.diskGuid;
  return same && first.entries.every((byte, at) => byte === backup.entries[at]);
}
