/** A fresh PC partition table with extended partitions. */
import { GuestkitError } from "../kit/errors.ts";
import { emptySector, encodeEntry, MAX_SECTORS } from "../volume/boot-record.ts";
import type { ByteRange } from "../volume/index.ts";
import { isLogical, MIB, PARTITION_TYPES, type PlacedPartition, SECTOR, type TableLayout } from "./partition.ts";

const EXTENDED_LBA = 0x0f;

/** Boot sector and, past four partitions, a chain of EBRs, each a MiB before its logical partition. */
export function mbrBytes(layout: TableLayout, signature: Uint8Array): readonly ByteRange[] {
  const { partitions, diskSize } = layout;
  const count = partitions.length;
  const logical = partitions.filter((_, index) => isLogical(count, index));
  const primary = partitions.filter((_, index) => !isLogical(count, index));
  const sector = emptySector();
  sector.set(signature, 440);
  for (const [index, each] of primary.entries()) setEntry(sector, index, typeOf(each), each.start, each.size);
  const [first] = logical;
  if (!first) return [{ offset: 0, bytes: sector }];
  const base = first.start - MIB;
  setEntry(sector, 3, EXTENDED_LBA, base, diskSize - base);
  return [{ offset: 0, bytes: sector }, ...chain(logical, base)];
}

/** The first entry of an EBR is relative to itself, the second (the next EBR) to the extended partition. */
function chain(logical: readonly PlacedPartition[], base: number): ByteRange[] {
  return logical.map((each, index) => {
    const sector = emptySector();
    setEntry(sector, 0, typeOf(each), MIB, each.size);
    const next = logical[index + 1];
    if (next) setEntry(sector, 1, 0x05, next.start - MIB - base, next.size + MIB);
    return { offset: each.start - MIB, bytes: sector };
  });
}

function typeOf(partition: PlacedPartition): number {
  const type = PARTITION_TYPES[partition.type].mbr;
  if (type !== null) return type;
  throw new GuestkitError(
    "E_LAYOUT_TYPE",
    `Cannot lay out partition "${partition.name}": an MBR has no type ${partition.type}`,
    {
      help: 'Set scheme to "gpt", or leave it out: an MBR needs no such partition.',
    },
  );
}

function setEntry(sector: Uint8Array, index: number, type: number, start: number, size: number): void {
  encodeEntry(sector, { slot: index + 1, status: 0, type, start: sectors(start), count: sectors(size) });
}

function sectors(bytes: number): number {
  const count = Math.floor(bytes / SECTOR);
  if (count <= MAX_SECTORS) return count;
  throw new GuestkitError("E_LAYOUT_SIZE", "Cannot lay out partitions: an MBR reaches no further than 2 TiB", {
    help: 'Set scheme to "gpt".',
  });
}
