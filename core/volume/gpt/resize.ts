import { crc32 } from "../../kit/checksum.ts";
import { GuestkitError } from "../../kit/errors.ts";
import type { ByteSource } from "../../source/source.ts";
import { readFirst } from "../boot-record.ts";
import type { Extent, Grown, ResizedTable } from "../volume.ts";
import { demandRoom } from "../window.ts";
import { encodeCopies, entriesSpan, lastUsable, setU64 } from "./encode.ts";
import { type Found, lastLba } from "./find.ts";
import { readTable, type Table } from "./header.ts";
import { resizeProtective } from "./protective.ts";

/**
 * Both copies of the table and the protective MBR for a disk of another size. What the copy that was read says stays:
 * entries, ids, attributes, fields that a later revision added, and where the primary's entries stand.
 */
export async function resizeGpt(
  source: ByteSource,
  found: Found,
  extents: readonly Extent[],
  { diskSize, grow }: { readonly diskSize: number; readonly grow: number | null },
): Promise<ResizedTable> {
  const { table } = found;
  const { sectorSize, header } = table;
  const last = lastUsable(table.entries, sectorSize, diskSize);
  demandRoom(source.name, extents, (last + 1) * sectorSize, diskSize);
  const entries = new Uint8Array(table.entries);
  const grows = extents.find(({ number }) => number === grow);
  const grown = grows ? extend(entries, table, grows, last) : null;
  const entriesLba = found.damage === null ? table.entriesLba : await primaryPlace(source, table, extents);
  const mbr = resizeProtective(await readFirst(source), lastLba(diskSize, sectorSize) + 1, sectorSize, grown);
  const copies = encodeCopies({ sectorSize, header, entries, entriesLba }, diskSize);
  return { ranges: [...copies, { offset: 0, bytes: mbr.bytes }], grown, notes: mbr.notes };
}

/** Up to the last usable sector, on a boundary of 4 KiB. */
function extend(
  entries: Uint8Array,
  { sectorSize, sizeOfEntry }: Table,
  partition: Extent,
  last: number,
): Grown | null {
  const { number, start, size: oldSize } = partition;
  const size = Math.floor(((last + 1) * sectorSize - start) / 4096) * 4096;
  if (size <= oldSize) return null;
  const view = new DataView(entries.buffer, entries.byteOffset);
  setU64(view, (number - 1) * sizeOfEntry + 40, (start + size) / sectorSize - 1);
  return { number, start, oldSize, size };
}

/** A header may be whole and say that its entries stand within a partition: these are not written over it. */
function demandApart(
  source: ByteSource,
  { sectorSize, entries }: Table,
  lba: number,
  extents: readonly Extent[],
): void {
  const [start, end] = [lba * sectorSize, (lba + entriesSpan(entries, sectorSize)) * sectorSize];
  const over = extents.find((each) => each.start < end && start < each.start + each.size);
  if (lba >= 2 && end <= source.size && !over) return;
  throw damaged(source, start, `its entries would stand ${over ? `in partition ${over.number}` : `at sector ${lba}`}`);
}

/** Where the entries of a damaged primary stood, and are to stand again. */
async function primaryPlace(source: ByteSource, table: Table, extents: readonly Extent[]): Promise<number> {
  const lba = await lostPlace(source, table);
  demandApart(source, table, lba, extents);
  return lba;
}

/**
 * Where its header says it, where they still stand, or where there is nothing but zeros. Boot loaders live in the same
 * place where the entries were moved further in.
 */
async function lostPlace(source: ByteSource, table: Table): Promise<number> {
  const { sectorSize, entries, firstUsableLba } = table;
  const first = await readTable(source, sectorSize, 1);
  const said = first.table ? first.table.entriesLba : first.entriesLba;
  if (said !== null) return said;
  const span = entriesSpan(entries, sectorSize);
  for (const lba of [2, firstUsableLba - span]) {
    if (lba < 2 || (lba + span) * sectorSize > source.size) continue;
    if (crc32(await source.read(lba * sectorSize, entries.length)) === crc32(entries)) return lba;
  }
  const usual = await source.read(2 * sectorSize, entries.length);
  if (firstUsableLba >= 2 + span && usual.every((byte) => byte === 0)) return 2;
  throw damaged(
    source,
    2 * sectorSize,
    "the primary GPT is damaged, and something else stands where its entries should",
  );
}

function damaged(source: ByteSource, offset: number, why: string): GuestkitError {
  return new GuestkitError("E_GPT_DAMAGED", `Cannot write the partition table of "${source.name}": ${why}`, {
    at: { file: source.name, offset },
    help: "Rebuild the table on a copy, once you know what was written there: gdisk COPY, then r, b, c, w.",
  });
}
