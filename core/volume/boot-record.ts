import { struct, u8, u32 } from "../kit/struct.ts";
import type { ByteSource } from "../source/source.ts";

/** The first sector of a disk: the DOS partition table, little-endian, which protects a GPT as well. Linux's block/partitions/msdos.c is the reference for what counts. */

/** Sectors are 512 bytes: the table does not say its own, and disks with larger ones carry a GPT. */
export const SECTOR = 512;

export const mbrSector = struct("mbr.sector", "little", 512, { diskSignature: u32(440), signature: u8(510) });

export const mbrEntry = struct("mbr.entry", "little", 16, {
  status: u8(0),
  type: u8(4),
  start: u32(8),
  count: u32(12),
});

const ENTRIES = 446;
export const TYPE_PROTECTIVE = 0xee;
export const BOOTABLE = 0x80;
/** The most sectors that an entry can tell. */
export const MAX_SECTORS = 0xffffffff;
const EXTENDED_TYPES: readonly number[] = [0x05, 0x0f, 0x85];

/** One of the four entries of a sector; `start` and `count` in sectors. */
export interface Entry {
  /** 1 to 4. */
  readonly slot: number;
  readonly status: number;
  readonly type: number;
  readonly start: number;
  readonly count: number;
}

export function isExtended({ type, count }: Entry): boolean {
  return count > 0 && EXTENDED_TYPES.includes(type);
}

/** The entries of a sector that ends with 55 AA, null of any other. */
export function decodeEntries(sector: Uint8Array): Entry[] | null {
  if (sector.length < SECTOR || sector[510] !== 0x55 || sector[511] !== 0xaa) return null;
  return [1, 2, 3, 4].map((slot) => {
    const { status, type, start, count } = mbrEntry.decode(sector, ENTRIES + (slot - 1) * mbrEntry.size);
    return { slot, status, type, start, count };
  });
}

/** A sector with 55 AA and no entries. */
export function emptySector(): Uint8Array {
  const sector = new Uint8Array(SECTOR);
  sector.set([0x55, 0xaa], 510);
  return sector;
}

/** Writes an entry; its fields for cylinder, head and sector say "too large for that". */
export function encodeEntry(sector: Uint8Array, { slot, status, type, start, count }: Entry): void {
  sector.set([status, 0xfe, 0xff, 0xff, type, 0xfe, 0xff, 0xff], ENTRIES + (slot - 1) * mbrEntry.size);
  setPlace(sector, slot, start, count);
}

/** Changes where an entry lies, and nothing else of it. */
export function setPlace(sector: Uint8Array, slot: number, start: number, count: number): void {
  const view = new DataView(sector.buffer, sector.byteOffset + ENTRIES + (slot - 1) * mbrEntry.size, mbrEntry.size);
  view.setUint32(8, start, true);
  view.setUint32(12, count, true);
}

/** The first sector; less where the source is shorter. */
export function readFirst(source: ByteSource): Promise<Uint8Array> {
  return source.read(0, Math.min(SECTOR, source.size));
}

/** The entries of the first sector, whatever it is. */
export async function readPrimary(source: ByteSource): Promise<Entry[] | null> {
  return decodeEntries(await readFirst(source));
}

export async function hasSignature(source: ByteSource): Promise<boolean> {
  return (await readPrimary(source)) !== null;
}
