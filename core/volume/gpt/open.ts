import { GuestkitError } from "../../kit/errors.ts";
import type { ByteSource } from "../../source/source.ts";
import type { Extent, Volume, VolumeTable } from "../volume.ts";
import { placeVolume, warnOverlaps } from "../window.ts";
import { copyFaults } from "./faults.ts";
import { type Found, findTable, isProtected, lastLba } from "./find.ts";
import { readTable, type Table } from "./header.ts";
import { gptEntry, LEGACY_BOOTABLE, SECTOR_SIZES, UNUSED_TYPE } from "./layout.ts";
import { resizeGpt } from "./resize.ts";

/** Whether a protective MBR says so, or a whole header stands where it should. Hybrid MBRs count, as for Linux. */
export async function probeGpt(source: ByteSource): Promise<boolean> {
  return (await isProtected(source)) || (await findTable(source)) !== null;
}

/** Throws `E_GPT_DAMAGED` where neither the table nor its backup is whole. */
export async function openGpt(source: ByteSource): Promise<VolumeTable> {
  const found = await findTable(source);
  if (!found) throw await damagedBoth(source);
  const { diskGuid, sectorSize } = found.table;
  const warnings = warningsOf(found);
  const partitions = readEntries(found.table);
  const volumes = toVolumes(source, partitions, warnings);
  const extents = partitions.map(({ extent }) => extent).filter(({ size }) => size > 0);
  return {
    ...{ scheme: "gpt", uuid: diskGuid, sectorSize, volumes, warnings, extents, end: endOf(source, found) },
    faults: () => copyFaults(source, found),
    resize: (diskSize, grow) => resizeGpt(source, found, extents, { diskSize, grow }),
  };
}

function warningsOf({ damage, guarded }: Found): string[] {
  if (damage !== null) {
    return [`The primary GPT is damaged (${damage}): its backup was used. Mend it: gdisk DISK, then r, b, c, w`];
  }
  return guarded ? [] : ["The protective MBR is missing: Linux would see no partitions. Mend it with gdisk"];
}

/** The later of the two headers stands in the last sector of the disk that the table was written for. */
function endOf(source: ByteSource, { table }: Found): number {
  return Math.min(source.size, (Math.max(table.myLba, table.alternateLba) + 1) * table.sectorSize);
}

async function damagedBoth(source: ByteSource): Promise<GuestkitError> {
  const why = await Promise.all(
    SECTOR_SIZES.map(async (sectorSize) => {
      const first = await readTable(source, sectorSize, 1);
      const backup = await readTable(source, sectorSize, lastLba(source.size, sectorSize));
      const text = [first, backup].map((finding) => (finding.table ? "whole" : finding.why)).join("; its backup: ");
      return `with sectors of ${sectorSize} bytes ${text}`;
    }),
  );
  return new GuestkitError("E_GPT_DAMAGED", `Cannot read the partitions of "${source.name}": ${why.join(", and ")}`, {
    at: { file: source.name, offset: 512 },
    help: `Neither the GUID partition table nor its backup is whole: testdisk or gdisk can rebuild it on a copy.`,
  });
}

type Entry = Pick<Volume, "type" | "uuid" | "name" | "bootable"> & { readonly extent: Extent };

function readEntries({ entries, sizeOfEntry, sectorSize }: Table): readonly Entry[] {
  const found: Entry[] = [];
  for (let index = 0; (index + 1) * sizeOfEntry <= entries.length; index++) {
    const { type, uuid, firstLba, lastLba, attributes, name } = gptEntry.decode(entries, index * sizeOfEntry);
    if (type === UNUSED_TYPE) continue;
    const [start, size] = [firstLba * sectorSize, (lastLba - firstLba + 1) * sectorSize];
    const bootable = (attributes & LEGACY_BOOTABLE) !== 0n;
    found.push({ extent: { number: index + 1, start, size }, type, uuid, name: decodeName(name), bootable });
  }
  return found;
}

function toVolumes(source: ByteSource, entries: readonly Entry[], warnings: string[]): readonly Volume[] {
  const volumes = entries.flatMap(({ extent, ...rest }) => {
    const window = placeVolume(source, extent, warnings);
    return window ? [{ ...window, ...rest }] : [];
  });
  warnOverlaps(volumes, warnings);
  return volumes;
}

/** UTF-16 up to the first NUL. */
function decodeName(raw: Uint8Array): string {
  const text = new TextDecoder("utf-16le").decode(raw);
  const end = text.indexOf("\0");
  return end < 0 ? text : text.slice(0, end);
}
