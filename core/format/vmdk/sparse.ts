import type { ByteSource } from "../../source/source.ts";
import { checkRange, damaged, unread } from "./fault.ts";
import {
  COWD_ENTRIES,
  COWD_MAGIC,
  cowdHeader,
  DEFLATE,
  ENTRY,
  Flag,
  GD_AT_END,
  gdOffset,
  Limit,
  MarkerType,
  marker,
  SECTOR,
  SPARSE_MAGIC,
  sparseHeader,
} from "./layout.ts";

/** A sparse extent's header that holds together. Offsets and sizes in bytes. */
export interface SparseExtent {
  /** Of the disk; 0 where the descriptor within names other files. */
  readonly capacity: number;
  readonly grainSize: number;
  readonly directory: { readonly offset: number; readonly entries: number };
  /** Entries of one grain table. */
  readonly perTable: number;
  readonly hasZeroGrains: boolean;
  readonly isCompressed: boolean;
  /** Whether a marker stands before each grain. */
  readonly hasMarkers: boolean;
  readonly isUnclean: boolean;
  /** Null where it has none: it is an extent of another file's. */
  readonly descriptor: { readonly offset: number; readonly length: number } | null;
}

/** Throws `E_VMDK_HEADER`, `E_VMDK_FEATURE`, `E_VMDK_TABLE_BOUNDS`. */
export async function openSparseHeader(source: ByteSource): Promise<SparseExtent> {
  const first = await headerAt(source, 0);
  return isAtEnd(first) ? await decodeHeader(source, await footer(source)) : await decodeHeader(source, first);
}

interface Raw {
  readonly bytes: Uint8Array;
  /** Where it stands. */
  readonly at: number;
}

async function headerAt(source: ByteSource, at: number): Promise<Raw> {
  if (at + SECTOR > source.size) throw damaged(source, "HEADER", at, "it ends within its header");
  const bytes = await source.read(at, SECTOR);
  if (sparseHeader.decode(bytes).magicNumber === SPARSE_MAGIC) return { bytes, at };
  throw damaged(source, "HEADER", at, "there is no sparse extent's header where one must be");
}

function isAtEnd({ bytes }: Raw): boolean {
  const { low, high } = gdOffset.decode(bytes);
  return low === GD_AT_END && high === GD_AT_END;
}

/** Marker, footer and the end of the stream are the last three sectors. */
async function footer(source: ByteSource): Promise<Raw> {
  const at = source.size - (source.size % SECTOR) - 2 * SECTOR;
  const what = "its grain directory is said to be at the end, and there is no footer: it was cut short";
  if (at < 2 * SECTOR) throw damaged(source, "FOOTER", 56, what);
  const before = marker.decode(await source.read(at - SECTOR, SECTOR));
  const behind = marker.decode(await source.read(at + SECTOR, SECTOR));
  const isFooter = before.type === MarkerType.footer && before.size === 0;
  if (!isFooter || behind.type !== MarkerType.endOfStream || behind.size !== 0)
    throw damaged(source, "FOOTER", at, what);
  const found = await headerAt(source, at);
  if (isAtEnd(found)) throw damaged(source, "FOOTER", at + 56, what);
  return found;
}

async function decodeHeader(source: ByteSource, { bytes, at }: Raw): Promise<SparseExtent> {
  const header = sparseHeader.decode(bytes);
  const { low, high } = gdOffset.decode(bytes);
  const { version, flags, capacity, grainSize, numGTEsPerGT: perTable, compressAlgorithm } = header;
  if (version < 1 || version > Limit.maxVersion) throw unread(source, `its version is ${version}, and 1 to 3 are read`);
  if (compressAlgorithm > DEFLATE) throw unread(source, `it is compressed by algorithm ${compressAlgorithm}`);
  const isCompressed = compressAlgorithm === DEFLATE;
  checkGeometry(source, at, { capacity, grainSize, perTable, isCompressed });
  const entries = Math.ceil(capacity / (grainSize * perTable));
  const offset = (high * 2 ** 32 + low) * SECTOR;
  if (capacity > 0) {
    const range = { offset, length: entries * ENTRY, alignment: 1, at: at + 56 };
    checkRange(source, "TABLE_BOUNDS", "grain directory", range);
  }
  return {
    capacity: capacity * SECTOR,
    grainSize: grainSize * SECTOR,
    directory: { offset, entries },
    perTable,
    hasZeroGrains: (flags & Flag.zeroGrains) !== 0,
    isCompressed,
    hasMarkers: (flags & Flag.markers) !== 0,
    isUnclean: header.uncleanShutdown !== 0,
    descriptor: descriptorPlace(source, at, header),
  };
}

interface Geometry {
  readonly capacity: number;
  readonly grainSize: number;
  readonly perTable: number;
  readonly isCompressed: boolean;
}

function checkGeometry(
  source: ByteSource,
  at: number,
  { capacity, grainSize, perTable, isCompressed }: Geometry,
): void {
  if (!Number.isSafeInteger(capacity * SECTOR)) throw damaged(source, "HEADER", at + 12, `it has ${capacity} sectors`);
  const most = isCompressed ? Limit.maxPackedGrain : Limit.maxGrain;
  if (grainSize < 1 || grainSize > most || !Number.isInteger(Math.log2(grainSize))) {
    throw damaged(source, "HEADER", at + 20, `its grains are of ${grainSize} sectors`);
  }
  if (perTable >= 1 && perTable <= Limit.maxTableEntries) return;
  throw damaged(source, "HEADER", at + 44, `its grain tables have ${perTable} entries`);
}

/** It stands behind the first header, whichever counts. */
function descriptorPlace(
  source: ByteSource,
  at: number,
  { descriptorOffset, descriptorSize }: { descriptorOffset: number; descriptorSize: number },
): SparseExtent["descriptor"] {
  if (descriptorOffset === 0) return null;
  const [offset, length] = [descriptorOffset * SECTOR, descriptorSize * SECTOR];
  if (length < 1 || length > Limit.maxDescriptor) {
    throw damaged(source, "DESCRIPTOR", at + 36, `its descriptor is ${descriptorSize} sectors long`);
  }
  checkRange(source, "DESCRIPTOR", "descriptor", { offset, length, alignment: 1, at: at + 28 });
  return { offset, length };
}

/** The header of ESX's own sparse extents. Throws `E_VMDK_HEADER`, `E_VMDK_TABLE_BOUNDS`. */
export async function openCowdHeader(source: ByteSource): Promise<SparseExtent> {
  if (source.size < SECTOR) throw damaged(source, "HEADER", 0, "it ends within its header");
  const header = cowdHeader.decode(await source.read(0, SECTOR));
  if (header.magicNumber !== COWD_MAGIC) {
    throw damaged(source, "HEADER", 0, "there is no header of an ESX server's sparse extent");
  }
  const { numSectors: capacity, grainSize, numGDEntries } = header;
  checkGeometry(source, 0, { capacity, grainSize, perTable: COWD_ENTRIES, isCompressed: false });
  const entries = Math.ceil(capacity / (grainSize * COWD_ENTRIES));
  if (numGDEntries < entries) {
    throw damaged(source, "HEADER", 24, `its grain directory has ${numGDEntries} entries, and ${entries} are needed`);
  }
  const offset = header.gdOffset * SECTOR;
  checkRange(source, "TABLE_BOUNDS", "grain directory", { offset, length: entries * ENTRY, alignment: 1, at: 20 });
  return {
    capacity: capacity * SECTOR,
    grainSize: grainSize * SECTOR,
    directory: { offset, entries },
    perTable: COWD_ENTRIES,
    ...{ hasZeroGrains: false, isCompressed: false, hasMarkers: false, isUnclean: false },
    descriptor: null,
  };
}
