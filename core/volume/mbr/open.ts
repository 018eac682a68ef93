import { GuestkitError } from "../../kit/errors.ts";
import type { ByteSource } from "../../source/source.ts";
import { BOOTABLE, decodeEntries, type Entry, isExtended, mbrSector, readFirst, SECTOR } from "../boot-record.ts";
import type { Extent, Volume, VolumeTable } from "../volume.ts";
import { placeVolume, warnOverlaps } from "../window.ts";
import { isFileSystem } from "./boot-sector.ts";
import { readLogical } from "./logical.ts";
import { type Placed, resizeMbr } from "./resize.ts";

/** A table, and neither a file system's boot sector nor code that happens to end with 55 AA. */
export async function probeMbr(source: ByteSource): Promise<boolean> {
  const sector = await readFirst(source);
  const entries = decodeEntries(sector);
  if (!entries || isFileSystem(sector)) return false;
  if (entries.some(({ status }) => status !== 0 && status !== BOOTABLE)) return false;
  return entries.some(({ count }) => count > 0) || !(await isExt(source));
}

/** Boot loaders leave 55 AA in the first sector of an ext file system, which does not use it. */
async function isExt(source: ByteSource): Promise<boolean> {
  if (source.size < EXT_MAGIC + 2) return false;
  const [low, high] = await source.read(EXT_MAGIC, 2);
  return low === 0x53 && high === 0xef;
}
const EXT_MAGIC = 1024 + 56;

/** Throws `E_MBR_SIGNATURE` where there is no table. */
export async function openMbr(source: ByteSource): Promise<VolumeTable> {
  const sector = await readFirst(source);
  const entries = decodeEntries(sector);
  if (!entries) throw noTable(source);
  const { diskSignature } = mbrSector.decode(sector);
  const uuid = diskSignature === 0 ? null : diskSignature.toString(16).padStart(8, "0");
  const warnings: string[] = [];
  const found = entries.filter((entry) => entry.count > 0 && !isExtended(entry)).map(placed);
  const partitions = [...found, ...(await readLogical(source, entries.filter(isExtended), warnings))];
  const volumes = partitions.flatMap((partition) => toVolume(source, partition, uuid, warnings));
  warnOverlaps(volumes, warnings);
  const extents = partitions.map(toExtent);
  return {
    ...{ scheme: "mbr", uuid, sectorSize: SECTOR, volumes, warnings, extents, end: source.size },
    faults: async () => [],
    resize: (diskSize, grow) => resizeMbr(source, partitions, extents, { diskSize, grow }),
  };
}

function placed(entry: Entry): Placed {
  return { ...entry, number: entry.slot, covers: [{ sector: 0, base: 0, entry }] };
}

function toExtent({ number, start, count }: Placed): Extent {
  return { number, start: start * SECTOR, size: count * SECTOR };
}

function toVolume(source: ByteSource, partition: Placed, uuid: string | null, warnings: string[]): Volume[] {
  const { number, status, type } = partition;
  const window = placeVolume(source, toExtent(partition), warnings);
  if (!window) return [];
  return [
    {
      ...window,
      type: `0x${type.toString(16).padStart(2, "0")}`,
      name: null,
      uuid: uuid && `${uuid}-${number.toString(16).padStart(2, "0")}`,
      bootable: status === BOOTABLE,
    },
  ];
}

function noTable(source: ByteSource): GuestkitError {
  return new GuestkitError("E_MBR_SIGNATURE", `Cannot read the partitions of "${source.name}": there is no MBR`, {
    help: "It was overwritten, or this is no disk: compare its size and sha256 with the original's.",
    at: { file: source.name, offset: 510 },
  });
}
