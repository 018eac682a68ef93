import { crc32c } from "../../kit/checksum.ts";

const scratch = new Uint8Array(8);
const scratchView = new DataView(scratch.buffer);

/** CRC-32C state carried over a 32-bit number as it stands on disk. */
export function crc32cOfU32(seed: number, value: number): number {
  scratchView.setUint32(0, value, true);
  return crc32c(seed, scratch, 0, 4);
}

/** The same over a 64-bit number (a safe integer). */
export function crc32cOfU64(seed: number, value: number): number {
  scratchView.setUint32(0, value >>> 0, true);
  scratchView.setUint32(4, Math.floor(value / 0x1_0000_0000), true);
  return crc32c(seed, scratch, 0, 8);
}

/** CRC-16 (reflected 0x8005) as uninit_bg's group descriptors use it, seed 0xffff. */
export function crc16(seed: number, data: Uint8Array): number {
  let crc = seed;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xa001 : crc >>> 1;
  }
  return crc;
}
