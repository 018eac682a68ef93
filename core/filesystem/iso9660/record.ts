import { GuestkitError } from "../../kit/errors.ts";
import { directoryRecord, FLAG_DIRECTORY, NAME_PARENT, NAME_SELF, RECORD_SIZE, SECTOR } from "./layout.ts";
import type { IsoVolume } from "./volume.ts";

/** A directory record. Places and sizes are bytes on the volume. */
export interface IsoRecord {
  /** Where the record stands. */
  readonly offset: number;
  readonly length: number;
  readonly start: number;
  readonly size: number;
  readonly flags: number;
  readonly interleaved: boolean;
  readonly date: Uint8Array;
  readonly name: Uint8Array;
  readonly systemUse: Uint8Array;
}

/** The record at a place of the volume; null where the rest of its sector is empty. Throws `E_ISO9660_RECORD`. */
export async function readRecord(volume: IsoVolume, offset: number): Promise<IsoRecord | null> {
  const inSector = SECTOR - (offset % SECTOR);
  const left = Math.min(inSector, 255, volume.source.size - offset);
  if (!Number.isSafeInteger(offset) || offset < 0 || left <= 0) throw damaged(volume, offset, "it is past the end");
  return decodeRecord(volume, await volume.source.read(offset, left), 0, offset);
}

/** The record at `at` of `bytes`, which are a piece of a sector. Null where its length is zero: no more follow. */
export function decodeRecord(volume: IsoVolume, bytes: Uint8Array, at: number, offset: number): IsoRecord | null {
  const length = bytes[at] ?? 0;
  if (length === 0) return null;
  if (length <= RECORD_SIZE || at + length > bytes.length) throw damaged(volume, offset, `it has ${length} bytes`);
  const raw = directoryRecord.decode(bytes, at);
  const nameEnd = RECORD_SIZE + raw.nameLength;
  if (raw.nameLength === 0 || nameEnd > length) throw damaged(volume, offset, `its name has ${raw.nameLength} bytes`);
  return {
    offset,
    length,
    start: (raw.extent + raw.attributeLength) * volume.blockSize,
    size: raw.dataLength,
    flags: raw.flags,
    interleaved: raw.fileUnitSize !== 0 || raw.interleaveGap !== 0,
    date: raw.date,
    name: bytes.subarray(at + RECORD_SIZE, at + nameEnd),
    // A name of even length is padded to an even place.
    systemUse: bytes.subarray(Math.min(at + nameEnd + (nameEnd % 2), at + length), at + length),
  };
}

export function isSelf({ name }: IsoRecord): boolean {
  return name.length === 1 && name[0] === NAME_SELF;
}

/** `.` and `..` */
export function isDot({ name }: IsoRecord): boolean {
  return name.length === 1 && (name[0] === NAME_SELF || name[0] === NAME_PARENT);
}

export function isDirectory({ flags }: IsoRecord): boolean {
  return (flags & FLAG_DIRECTORY) !== 0;
}

function damaged({ source }: IsoVolume, offset: number, what: string): GuestkitError {
  return new GuestkitError("E_ISO9660_RECORD", `Cannot read a directory record: ${what}`, {
    at: { file: source.name, offset },
    help: "The image is cut short or damaged: compare its size and sha256 with the original's.",
  });
}
