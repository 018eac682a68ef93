import { crc32c } from "../../kit/checksum.ts";

const zeros = new Uint8Array(4);

/** CRC-32C of `data[start, end)` with the four bytes at `hole` (the checksum's own field) taken as zeros. */
export function checksumOf(data: Uint8Array, hole: number, start = 0, end = data.length): number {
  const before = crc32c(0xffffffff, data, start, hole);
  return ~crc32c(crc32c(before, zeros), data, hole + 4, end) >>> 0;
}
