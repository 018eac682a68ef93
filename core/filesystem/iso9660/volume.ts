import { GuestkitError } from "../../kit/errors.ts";
import type { ByteSource } from "../../source/source.ts";
import {
  DESCRIPTOR_PRIMARY,
  DESCRIPTOR_SUPPLEMENTARY,
  DESCRIPTOR_TERMINATOR,
  directoryRecord,
  FIRST_DESCRIPTOR,
  JOLIET_ESCAPES,
  SECTOR,
  STANDARD_ID,
  volumeDescriptor,
} from "./layout.ts";
import { volumeLabel } from "./name.ts";
import { dateUuid } from "./time.ts";

/** What the volume descriptors tell. */
export interface IsoVolume {
  readonly source: ByteSource;
  /** Bytes of a logical block, in which extents are counted. */
  readonly blockSize: number;
  /** Bytes. */
  readonly size: number;
  readonly label: string | null;
  readonly uuid: string | null;
  /** Where the root directory starts (bytes), of the primary tree and of Joliet's. */
  readonly root: number;
  readonly jolietRoot: number | null;
}

/** Descriptors after which a volume without an end is refused. */
const MAX_DESCRIPTORS = 128;
const BLOCK_SIZES = [512, 1024, 2048];

type Descriptor = ReturnType<typeof volumeDescriptor.decode>;

/** Whether a primary volume descriptor stands where it must. */
export async function hasPrimary(source: ByteSource): Promise<boolean> {
  if (source.size < (FIRST_DESCRIPTOR + 1) * SECTOR) return false;
  const head = volumeDescriptor.decode(await source.read(FIRST_DESCRIPTOR * SECTOR, SECTOR));
  return isDescriptor(head) && head.type === DESCRIPTOR_PRIMARY;
}

/** Reads the set of volume descriptors. Throws `E_ISO9660_DESCRIPTOR`. */
export async function readVolume(source: ByteSource): Promise<IsoVolume> {
  const descriptors = await readDescriptors(source);
  const primary = descriptors.find((each) => each.type === DESCRIPTOR_PRIMARY);
  if (!primary) throw fault(source, FIRST_DESCRIPTOR, "it has no primary volume descriptor");
  const blockSize = primary.logicalBlockSize;
  if (!BLOCK_SIZES.includes(blockSize)) throw fault(source, FIRST_DESCRIPTOR, `its blocks have ${blockSize} bytes`);
  const joliet = descriptors.find(isJoliet) ?? null;
  return {
    source,
    blockSize,
    size: primary.volumeSpaceSize * blockSize,
    label: volumeLabel(primary.volumeId, joliet?.volumeId ?? null),
    uuid: dateUuid(primary.modificationDate) ?? dateUuid(primary.creationDate),
    root: rootOf(primary, blockSize),
    jolietRoot: joliet && joliet.logicalBlockSize === blockSize ? rootOf(joliet, blockSize) : null,
  };
}

async function readDescriptors(source: ByteSource): Promise<readonly Descriptor[]> {
  const found: Descriptor[] = [];
  for (let index = 0; index < MAX_DESCRIPTORS; index++) {
    const sector = FIRST_DESCRIPTOR + index;
    if ((sector + 1) * SECTOR > source.size) throw fault(source, sector, "its volume descriptors do not end");
    const descriptor = volumeDescriptor.decode(await source.read(sector * SECTOR, SECTOR));
    if (!isDescriptor(descriptor)) throw fault(source, sector, "a volume descriptor is damaged");
    if (descriptor.type === DESCRIPTOR_TERMINATOR) return found;
    found.push(descriptor);
  }
  throw fault(source, FIRST_DESCRIPTOR + MAX_DESCRIPTORS, `it has more than ${MAX_DESCRIPTORS} volume descriptors`);
}

function isDescriptor({ standardId }: Descriptor): boolean {
  return String.fromCharCode(...standardId) === STANDARD_ID;
}

function isJoliet({ type, escapeSequences }: Descriptor): boolean {
  const sequence = String.fromCharCode(...escapeSequences.subarray(0, 3));
  return type === DESCRIPTOR_SUPPLEMENTARY && JOLIET_ESCAPES.some((each) => each === sequence);
}

function rootOf({ rootRecord }: Descriptor, blockSize: number): number {
  const { extent, attributeLength } = directoryRecord.decode(rootRecord);
  return (extent + attributeLength) * blockSize;
}

function fault(source: ByteSource, sector: number, what: string): GuestkitError {
  return new GuestkitError("E_ISO9660_DESCRIPTOR", `Cannot open ISO 9660 on "${source.name}": ${what}`, {
    at: { file: source.name, offset: sector * SECTOR },
    help: "The image is cut short or damaged: compare its size and sha256 with the original's.",
  });
}
