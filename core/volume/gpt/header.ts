import { crc32 } from "../../kit/checksum.ts";
import type { ByteSource } from "../../source/source.ts";
import { gptHeader, HEADER_CRC_OFFSET, MAX_ENTRIES_BYTES, SIGNATURE } from "./layout.ts";

/** A header and its entries, both with the right checksum. */
export interface Table {
  readonly sectorSize: number;
  readonly diskGuid: string;
  readonly myLba: number;
  readonly alternateLba: number;
  readonly firstUsableLba: number;
  readonly entriesLba: number;
  readonly sizeOfEntry: number;
  readonly entries: Uint8Array;
  /** The header as it stands there, all that it says it is long. */
  readonly header: Uint8Array;
}

/** What was found at a place where a header should be: the table, or why it is none. */
export type Finding = { readonly table: Table } | Missing;

interface Missing {
  readonly table: null;
  readonly why: string;
  /** Where the other header stands, from a header that is whole itself. */
  readonly alternateLba: number | null;
  /** Where its entries should stand, from the same. */
  readonly entriesLba: number | null;
}

const none = (why: string, header: Header | null = null): Missing => ({
  table: null,
  why,
  alternateLba: header?.alternateLba ?? null,
  entriesLba: header?.partitionEntryLba ?? null,
});

type Header = ReturnType<typeof gptHeader.decode>;

/** Reads and checks the header at sector `lba` and the entries that it names. */
export async function readTable(source: ByteSource, sectorSize: number, lba: number): Promise<Finding> {
  if (lba < 1 || (lba + 1) * sectorSize > source.size) return none(`sector ${lba} is not on the disk`);
  const sector = await source.read(lba * sectorSize, sectorSize);
  const header = gptHeader.decode(sector);
  if (header.signature !== SIGNATURE) return none("its signature is missing");
  const fault = faultOf(sector, sectorSize) ?? faultOfPlaces(header, lba);
  if (fault) return none(fault);
  const { sizeOfEntry, numberOfEntries, partitionEntryLba } = header;
  const { diskGuid, myLba, alternateLba, firstUsableLba } = header;
  const length = sizeOfEntry * numberOfEntries;
  const start = partitionEntryLba * sectorSize;
  if (start + length > source.size) return none("its entries end past the disk's end", header);
  const entries = await source.read(start, length);
  if (crc32(entries) !== header.entriesCrc32) return none("the checksum of its entries is wrong", header);
  const places = { myLba, alternateLba, firstUsableLba, entriesLba: partitionEntryLba };
  return {
    table: { sectorSize, diskGuid, ...places, sizeOfEntry, entries, header: sector.slice(0, header.headerSize) },
  };
}

function faultOf(sector: Uint8Array, sectorSize: number): string | null {
  const { headerSize, headerCrc32 } = gptHeader.decode(sector);
  if (headerSize < gptHeader.size || headerSize > sectorSize) return `its header is ${headerSize} bytes long`;
  const header = sector.slice(0, headerSize);
  header.fill(0, HEADER_CRC_OFFSET, HEADER_CRC_OFFSET + 4);
  return crc32(header) === headerCrc32 ? null : "the checksum of its header is wrong";
}

function faultOfPlaces(header: Header, lba: number): string | null {
  const { sizeOfEntry, numberOfEntries, partitionEntryLba } = header;
  if (header.myLba !== lba) return `it says that it stands at sector ${header.myLba}`;
  if (sizeOfEntry < 128 || sizeOfEntry % 8 !== 0) return `its entries are ${sizeOfEntry} bytes long`;
  if (sizeOfEntry * numberOfEntries > MAX_ENTRIES_BYTES) return `it has ${numberOfEntries} entries`;
  if (partitionEntryLba < 2 && lba === 1) return `its entries stand at sector ${partitionEntryLba}`;
  return null;
}
