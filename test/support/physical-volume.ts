/** Physical volumes of LVM2 of a test's own making, with texts wherever they are wanted. */
import { crc32 } from "node:zlib";

const AREA_AT = 4096;

export interface MadeText {
  readonly text: string;
  /** From the area's start; a text that passes the area's end goes on behind its header. */
  readonly at?: number;
  readonly ignored?: boolean;
}

export interface MadeVolume {
  /** With hyphens. */
  readonly id: string;
  readonly size?: number;
  /** The label's. */
  readonly sector?: number;
  readonly areaSize?: number;
  /** One for each area, which stand one behind the other; null leaves one empty. */
  readonly areas?: readonly (MadeText | null)[];
}

/** LVM2's checksum of `bytes`: zlib's without the inversions, from a start of its own. */
const checksum = (bytes: Uint8Array) => ~crc32(bytes, ~0xf597a6cf >>> 0) >>> 0;

export function makePhysicalVolume({
  id,
  size = 1 << 20,
  sector = 1,
  areaSize = 8192,
  areas = [],
}: MadeVolume): Uint8Array {
  const disk = new Uint8Array(size);
  writeLabel(
    disk,
    sector,
    id,
    areas.map((_, index) => [AREA_AT + index * areaSize, areaSize] as const),
  );
  for (const [index, area] of areas.entries()) writeArea(disk, AREA_AT + index * areaSize, areaSize, area);
  return disk;
}

function writeLabel(disk: Uint8Array, sector: number, id: string, areas: readonly (readonly [number, number])[]): void {
  const label = disk.subarray(sector * 512, sector * 512 + 512);
  const view = new DataView(label.buffer, label.byteOffset, 512);
  label.set(Buffer.from("LABELONE"));
  view.setBigUint64(8, BigInt(sector), true);
  view.setUint32(20, 32, true);
  label.set(Buffer.from("LVM2 001"), 24);
  label.set(Buffer.from(id.replaceAll("-", "")), 32);
  view.setBigUint64(64, BigInt(disk.length), true);
  // One data area, and an end; the metadata areas, and an end.
  view.setBigUint64(72, 1n << 16n, true);
  for (const [index, [offset, size]] of areas.entries()) {
    view.setBigUint64(104 + 16 * index, BigInt(offset), true);
    view.setBigUint64(112 + 16 * index, BigInt(size), true);
  }
  view.setUint32(16, checksum(label.subarray(20)), true);
}

function writeArea(disk: Uint8Array, start: number, size: number, made: MadeText | null): void {
  const area = disk.subarray(start, start + size);
  const view = new DataView(area.buffer, area.byteOffset, size);
  area.set(Buffer.from(" LVM2 x[5A%r0N*>"), 4);
  view.setUint32(20, 1, true);
  view.setBigUint64(24, BigInt(start), true);
  view.setBigUint64(32, BigInt(size), true);
  if (made) {
    const { at = 512, ignored = false } = made;
    const text = Buffer.from(`${made.text}\0`);
    for (const [index, byte] of text.entries()) area[place(at + index, size)] = byte;
    view.setBigUint64(40, BigInt(at), true);
    view.setBigUint64(48, BigInt(text.length), true);
    view.setUint32(56, checksum(text), true);
    view.setUint32(60, ignored ? 1 : 0, true);
  }
  view.setUint32(0, checksum(area.subarray(4, 512)), true);
}

function place(at: number, size: number): number {
  return at < size ? at : 512 + ((at - size) % (size - 512));
}
