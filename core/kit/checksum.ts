/** Reflected CRC-32 tables by polynomial: 0xEDB88320 (zlib, GPT), 0x82F63B78 (Castagnoli, ext4). */
function table(polynomial: number): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, index) => {
    let crc = index;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
    return crc >>> 0;
  });
}

const IEEE = table(0xedb88320);
const CASTAGNOLI = table(0x82f63b78);

function update(tab: Uint32Array, crc: number, data: Uint8Array): number {
  let value = crc;
  for (let at = 0; at < data.length; at++) {
    value = (tab[(value ^ (data[at] as number)) & 0xff] as number) ^ (value >>> 8);
  }
  return value >>> 0;
}

/** CRC-32 as zlib and GPT use it. */
export function crc32(data: Uint8Array): number {
  return ~update(IEEE, 0xffffffff, data) >>> 0;
}

/** CRC-32C state without inversion, as ext4's metadata_csum chains it (seed ~0). */
export function crc32c(seed: number, data: Uint8Array): number {
  return update(CASTAGNOLI, seed >>> 0, data);
}
