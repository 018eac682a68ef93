import { crc32 } from "node:zlib";

export interface MadePartition {
  readonly slot: number;
  readonly first: number;
  readonly last: number;
  readonly name: string;
  readonly bootable: boolean;
}

export const LINUX_TYPE = "0fc63daf-8483-4772-8e79-3d69d8477de4";

/** A disk of `sectors` with a GPT of 128 entries and its backup; sectors count in `sectorSize`. */
export function makeGpt(sectorSize: number, sectors: number, partitions: readonly MadePartition[]): Uint8Array {
  const disk = new Uint8Array(sectorSize * sectors);
  const entries = new Uint8Array(128 * 128);
  for (const partition of partitions) writeEntry(new DataView(entries.buffer), partition);
  writeMbr(disk, [{ slot: 1, type: 0xee, start: 1, count: sectors - 1 }]);
  const span = entries.length / sectorSize;
  for (const [own, other, array] of [
    [1, sectors - 1, 2],
    [sectors - 1, 1, sectors - 1 - span],
  ] as const) {
    disk.set(entries, array * sectorSize);
    disk.set(makeHeader(own, other, array, sectors, span, entries), own * sectorSize);
  }
  return disk;
}

function writeEntry(view: DataView, { slot, first, last, name, bootable }: MadePartition): void {
  const at = (slot - 1) * 128;
  writeGuid(view, at, LINUX_TYPE);
  writeGuid(view, at + 16, partitionGuid(slot));
  view.setBigUint64(at + 32, BigInt(first), true);
  view.setBigUint64(at + 40, BigInt(last), true);
  view.setBigUint64(at + 48, bootable ? 4n : 0n, true);
  for (let index = 0; index < Math.min(36, name.length); index++) {
    view.setUint16(at + 56 + index * 2, name.charCodeAt(index), true);
  }
}

export function partitionGuid(slot: number): string {
  return `11111111-2222-3333-4444-5555555555${slot.toString(16).padStart(2, "0")}`;
}

export const DISK_GUID = "aabbccdd-eeff-0011-2233-445566778899";

function writeGuid(view: DataView, at: number, guid: string): void {
  const [a = "", b = "", c = "", d = "", e = ""] = guid.split("-");
  view.setUint32(at, Number.parseInt(a, 16), true);
  view.setUint16(at + 4, Number.parseInt(b, 16), true);
  view.setUint16(at + 6, Number.parseInt(c, 16), true);
  view.setBigUint64(at + 8, BigInt(`0x${d}${e}`));
}

function makeHeader(own: number, other: number, array: number, sectors: number, span: number, entries: Uint8Array) {
  const header = new Uint8Array(92);
  const view = new DataView(header.buffer);
  header.set(new TextEncoder().encode("EFI PART"));
  view.setUint32(8, 0x10000, true);
  view.setUint32(12, 92, true);
  for (const [at, value] of [
    [24, own],
    [32, other],
    [40, 2 + span],
    [48, sectors - 2 - span],
    [72, array],
  ] as const) {
    view.setBigUint64(at, BigInt(value), true);
  }
  writeGuid(view, 56, DISK_GUID);
  view.setUint32(80, 128, true);
  view.setUint32(84, 128, true);
  view.setUint32(88, crc32(entries), true);
  view.setUint32(16, crc32(header), true);
  return header;
}

export interface MadeEntry {
  readonly slot: number;
  readonly type: number;
  readonly start: number;
  readonly count: number;
  readonly status?: number;
}

/** Writes entries and 55 AA into the sector at `sector`. */
export function writeMbr(disk: Uint8Array, entries: readonly MadeEntry[], sector = 0): void {
  const view = new DataView(disk.buffer, disk.byteOffset + sector * 512, 512);
  for (const { slot, type, start, count, status = 0 } of entries) {
    const at = 446 + (slot - 1) * 16;
    view.setUint8(at, status);
    view.setUint8(at + 4, type);
    view.setUint32(at + 8, start, true);
    view.setUint32(at + 12, count, true);
  }
  view.setUint16(510, 0x55aa);
}
