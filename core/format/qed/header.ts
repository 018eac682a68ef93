import { GuestkitError } from "../../kit/errors.ts";
import type { ByteSource } from "../../source/source.ts";
import { checkRange, damaged } from "./fault.ts";
import { Feature, Limit, MAGIC, qedHeader } from "./layout.ts";

/** A header that holds together. Offsets and sizes in bytes. */
export interface Header {
  readonly clusterSize: number;
  readonly tableSize: number;
  readonly l1TableOffset: number;
  readonly size: number;
  readonly needsCheck: boolean;
  readonly backing: { readonly name: string; readonly format: "raw" | null } | null;
}

const ENTRY = 8;

/** Throws `E_QED_HEADER`, `E_QED_FEATURE`, `E_QED_TABLE_BOUNDS`. */
export async function openHeader(source: ByteSource): Promise<Header> {
  if (source.size < qedHeader.size) throw damaged(source, "HEADER", 0, "it ends within its header");
  const header = qedHeader.decode(await source.read(0, qedHeader.size));
  if (header.magic !== MAGIC) throw damaged(source, "HEADER", 0, "it does not start with a QED header");
  const { clusterSize, features, l1TableOffset, imageSize } = header;
  refuseUnknown(source, features);
  checkGeometry(source, header);
  const tableSize = header.tableSize * clusterSize;
  const most = (tableSize / ENTRY) ** 2 * clusterSize;
  if (imageSize > most) throw damaged(source, "HEADER", 48, `its tables map ${most} bytes, and it has ${imageSize}`);
  const table = { offset: l1TableOffset, length: tableSize, alignment: clusterSize, at: 40 };
  checkRange(source, "TABLE_BOUNDS", "L1 table", table);
  return {
    ...{ clusterSize, tableSize, l1TableOffset },
    // Disks are made of whole sectors.
    size: imageSize - (imageSize % 512),
    needsCheck: (features & Feature.needCheck) !== 0n,
    backing: await backingOf(source, header),
  };
}

function refuseUnknown(source: ByteSource, features: bigint): void {
  const known = Object.values(Feature).reduce((all, bit) => all | bit, 0n);
  const unknown = features & ~known;
  if (unknown === 0n) return;
  const what = `it uses what is not known here: features 0x${unknown.toString(16)}`;
  throw new GuestkitError("E_QED_FEATURE", `Cannot open "${source.name}": ${what}`, {
    at: { file: source.name, offset: 16 },
    help: "A newer guestkit may know it; qemu-img convert makes a plain copy.",
  });
}

const isPower = (number: number): boolean => number > 0 && Number.isInteger(Math.log2(number));

function checkGeometry(
  source: ByteSource,
  { clusterSize, tableSize }: { clusterSize: number; tableSize: number },
): void {
  if (!isPower(clusterSize) || clusterSize < Limit.minClusterSize || clusterSize > Limit.maxClusterSize) {
    throw damaged(source, "HEADER", 4, `its clusters are of ${clusterSize} bytes`);
  }
  if (isPower(tableSize) && tableSize <= Limit.maxTableSize) return;
  throw damaged(source, "HEADER", 8, `its tables are of ${tableSize} clusters`);
}

interface BackingFields {
  readonly features: bigint;
  readonly clusterSize: number;
  readonly headerSize: number;
  readonly backingFilenameOffset: number;
  readonly backingFilenameSize: number;
}

/** The name stands within the header's clusters. */
async function backingOf(source: ByteSource, header: BackingFields): Promise<Header["backing"]> {
  if ((header.features & Feature.backingFile) === 0n) return null;
  const { backingFilenameOffset: offset, backingFilenameSize: length } = header;
  const room = Math.min(header.headerSize * header.clusterSize, source.size);
  if (length < 1 || length > Limit.maxBackingName || offset < qedHeader.size || offset + length > room) {
    const what = `its backing file's name (${length} bytes at ${offset}) is outside its header`;
    throw damaged(source, "HEADER", 56, what);
  }
  const name = new TextDecoder().decode(await source.read(offset, length));
  return { name, format: (header.features & Feature.backingFormatNoProbe) !== 0n ? "raw" : null };
}
