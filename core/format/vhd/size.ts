import { SECTOR } from "./layout.ts";

/** Creators that mean the size; for all others a disk is as long as its geometry says (block/vpc.c of QEMU). */
const BY_SIZE: readonly string[] = ["win ", "qem2", "d2v ", "tap\0", "CTXS"];
/** The most that a geometry can say: such a disk may be longer. Sectors. */
const MAX_GEOMETRY = 65535 * 16 * 255;

export interface SizeFields {
  readonly creatorApplication: Uint8Array;
  readonly currentSize: number;
  readonly cylinders: number;
  readonly heads: number;
  readonly sectorsPerTrack: number;
}

/** Bytes that the guest sees, and those of the footer's size that it does not. */
export function diskSize(footer: SizeFields): { readonly size: number; readonly lost: number } {
  const { creatorApplication, currentSize, cylinders, heads, sectorsPerTrack } = footer;
  const sectors = cylinders * heads * sectorsPerTrack;
  const whole = currentSize - (currentSize % SECTOR);
  if (BY_SIZE.includes(String.fromCharCode(...creatorApplication)) || sectors === MAX_GEOMETRY) {
    return { size: whole, lost: 0 };
  }
  const size = sectors * SECTOR;
  return { size, lost: Math.max(0, whole - size) };
}
