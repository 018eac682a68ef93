import { crc32State } from "../../kit/checksum.ts";
import { hasMagic } from "../../kit/magic.ts";
import type { ByteSource } from "../../source/source.ts";
import { damaged } from "./fault.ts";
import {
  diskLocation,
  INITIAL_CRC,
  LABEL_CRC_FROM,
  LABEL_ID,
  LABEL_SECTORS,
  LABEL_TYPE,
  labelHeader,
  pvHeader,
  SECTOR,
} from "./layout.ts";

/** Where a metadata area lies; bytes. */
export interface Area {
  readonly offset: number;
  readonly size: number;
}

/** What a label says. */
export interface Label {
  /** As LVM2's tools write it. */
  readonly uuid: string;
  readonly areas: readonly Area[];
}

/** Whether a label stands in one of the first four sectors, sound or not. */
export async function probeLabel(source: ByteSource): Promise<boolean> {
  if (source.size < LABEL_SECTORS * SECTOR) return false;
  return marks(await source.read(0, LABEL_SECTORS * SECTOR)).length > 0;
}

/** The first sound label. Throws `E_LVM2_LABEL`. */
export async function readLabel(source: ByteSource): Promise<Label> {
  const length = LABEL_SECTORS * SECTOR;
  if (source.size < length) throw damaged(source, "LABEL", 0, `it has ${source.size} bytes`);
  const head = await source.read(0, length);
  const found = marks(head);
  let fault = "it has no label";
  for (const at of found) {
    const sector = head.subarray(at, at + SECTOR);
    const why = faultOf(sector, at / SECTOR);
    if (why === null) return decodeLabel(source, sector, at);
    fault = `${why} in the label at ${at}`;
  }
  throw damaged(source, "LABEL", found[0] ?? 0, fault);
}

/** Offsets of sectors that bear LVM2's marks. */
function marks(head: Uint8Array): number[] {
  const all = Array.from({ length: LABEL_SECTORS }, (_, sector) => sector * SECTOR);
  return all.filter((at) => hasMagic(head, at, LABEL_ID) && hasMagic(head, at + 24, LABEL_TYPE));
}

function faultOf(sector: Uint8Array, number: number): string | null {
  const header = labelHeader.decode(sector);
  if (header.sector !== BigInt(number)) return `the sector is called ${header.sector}`;
  if (header.crc !== crc32State(INITIAL_CRC, sector.subarray(LABEL_CRC_FROM))) return "the checksum is wrong";
  const fits = header.offset >= labelHeader.size && header.offset + pvHeader.size <= SECTOR;
  return fits ? null : `the header's place is ${header.offset}`;
}

function decodeLabel(source: ByteSource, sector: Uint8Array, at: number): Label {
  const { offset } = labelHeader.decode(sector);
  const { uuid } = pvHeader.decode(sector, offset);
  const data = locations(source, sector, offset + pvHeader.size, at);
  const areas = locations(source, sector, data.end, at).found;
  return { uuid: formatId(uuid), areas };
}

/** A list of places up to one of zeros. */
function locations(
  source: ByteSource,
  sector: Uint8Array,
  from: number,
  label: number,
): { found: Area[]; end: number } {
  const found: Area[] = [];
  for (let at = from; at + diskLocation.size <= SECTOR; at += diskLocation.size) {
    const { offset, size } = diskLocation.decode(sector, at);
    if (offset === 0n) return { found, end: at + diskLocation.size };
    found.push({ offset: Number(offset), size: Number(size) });
  }
  throw damaged(source, "LABEL", label + from, "a list of areas in the label has no end");
}

/** An id of 32 characters with hyphens, as LVM2's tools write it. */
function formatId(raw: Uint8Array): string {
  const text = String.fromCharCode(...raw.map((byte) => (byte > 32 && byte < 127 ? byte : 63)));
  return text.replace(/^(.{6})(.{4})(.{4})(.{4})(.{4})(.{4})(.{6})$/, "$1-$2-$3-$4-$5-$6-$7");
}
