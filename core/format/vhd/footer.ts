import { GuestkitError } from "../../kit/errors.ts";
import { hasMagic } from "../../kit/magic.ts";
import type { ByteSource } from "../../source/source.ts";
import { faultsOf } from "../fault.ts";
import { CHECKSUM_AT, COOKIE, DISK_TYPES, type DiskType, footer, SECTOR, VERSION } from "./layout.ts";
import { diskSize } from "./size.ts";

/** A footer that holds together. Offsets and sizes in bytes. */
export interface Footer {
  readonly type: DiskType;
  /** What the guest sees. */
  readonly size: number;
  /** Of the dynamic header. */
  readonly dataOffset: bigint;
  /** Four letters. */
  readonly creator: string;
  readonly id: string;
  /** What is to be told of it. */
  readonly warnings: readonly string[];
}

const lookFor = (name: string) => `compare it with the original's digest, or have Windows look: Test-VHD "${name}"`;
export const faults = faultsOf("VHD", lookFor);
const { damaged } = faults;

/**
 * The footer that counts. A fixed disk has it at the end alone. The others have a copy at the start, by which QEMU goes as
 * well; the one at the end counts where that is damaged.
 * Throws `E_VHD_FOOTER`, `E_VHD_VERSION`, `E_VHD_TYPE`.
 */
export async function readFooter(source: ByteSource): Promise<Footer> {
  const end = source.size - SECTOR;
  if (end < 0) throw damaged(source, "FOOTER", 0, "it is shorter than its footer");
  const first = await source.read(0, SECTOR);
  const last = await source.read(end, SECTOR);
  const { bytes, at, warnings } = hasMagic(first, 0, COOKIE)
    ? chosen(source, first, last)
    : { bytes: last, at: end, warnings: [] };
  if (!isSound(bytes)) throw damaged(source, "FOOTER", at, "its footer's checksum does not fit");
  const raw = footer.decode(bytes);
  if (raw.fileFormatVersion !== VERSION) throw unknownVersion(source, raw.fileFormatVersion, at);
  const type = DISK_TYPES.get(raw.diskType);
  const isAlone = !hasMagic(first, 0, COOKIE);
  if (type === undefined || (type === "fixed") !== isAlone) throw wrongType(source, raw.diskType, at, isAlone);
  const { size, lost } = diskSize(raw);
  const short = lost > 0 ? [`"${source.name}": its last ${lost} bytes are not shown: ${BY_GEOMETRY}`] : [];
  const saved =
    raw.savedState === 0 ? [] : [`"${source.name}": its machine was suspended: what it held in memory is not here`];
  return {
    ...{ type, size },
    dataOffset: raw.dataOffset,
    creator: String.fromCharCode(...raw.creatorApplication),
    id: raw.uniqueId,
    warnings: [...warnings, ...short, ...saved],
  };
}

const BY_GEOMETRY = "whoever made it goes by its geometry, which is smaller than its size";

function chosen(source: ByteSource, first: Uint8Array, last: Uint8Array) {
  const end = source.size - SECTOR;
  const told = (what: string) => [`"${source.name}": its footer ${what}`];
  if (!isSound(first) && isSound(last)) {
    return { bytes: last, at: end, warnings: told("counts, for its copy at the start is damaged") };
  }
  const isSame = first.every((byte, at) => byte === last[at]);
  return { bytes: first, at: 0, warnings: isSame ? [] : told("at the end is not that of the start, which counts") };
}

const isSound = (bytes: Uint8Array): boolean =>
  hasMagic(bytes, 0, COOKIE) && checksum(bytes, CHECKSUM_AT.footer) === footer.decode(bytes).checksum;

/** The complement of the sum of all bytes but the four of the checksum itself, which stands at `at`. */
export function checksum(bytes: Uint8Array, at: number): number {
  let sum = 0;
  for (const [index, byte] of bytes.entries()) if (index < at || index >= at + 4) sum += byte;
  return ~sum >>> 0;
}

function unknownVersion(source: ByteSource, version: number, at: number): GuestkitError {
  const shown = `${version >>> 16}.${version & 0xffff}`;
  return new GuestkitError(
    "E_VHD_VERSION",
    `Cannot open "${source.name}": it is VHD version ${shown}, and 1.0 is read`,
    {
      at: { file: source.name, offset: at + 12 },
      help: `Convert it where it was made, or with Windows: Convert-VHD "${source.name}" NEW.vhd`,
    },
  );
}

/** What a guest wrote to its disk's end leads nowhere: a footer that stands there alone is a fixed disk's, or none. */
function wrongType(source: ByteSource, type: number, at: number, isAlone: boolean): GuestkitError {
  const place = isAlone ? "at the end alone" : "at the start";
  const what = `its footer ${place} is of a ${DISK_TYPES.get(type) ?? `disk of type ${type}`}`;
  return new GuestkitError("E_VHD_TYPE", `Cannot open "${source.name}": ${what}`, {
    at: { file: source.name, offset: at + 60 },
    help: "Its other half may be cut off: compare it with the original's digest. Where it is a raw disk, say so: --image-format raw (verbs), format (a disk), source.format.",
  });
}
