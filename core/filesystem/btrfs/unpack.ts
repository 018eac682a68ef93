import { GuestkitError } from "../../kit/errors.ts";
import type { Codec } from "../../source/codec.ts";
import type { Compression } from "./extent.ts";
import { unpackLzo } from "./lzo.ts";

export interface Unpacking {
  /** Bytes that come out. */
  readonly size: number;
  readonly sectorsize: number;
  readonly codec: Codec;
}

/** Bits of a zlib header (RFC 1950): deflate, and a dictionary that btrfs never has. */
const DEFLATE = 8;
const DICTIONARY = 0x20;

/**
 * One packed extent as exactly `size` bytes; what follows the stream is padding. A stream that ends within the last sector is
 * that of a file's end: zeros follow. Throws `E_SOURCE_COMPRESSION`.
 */
export async function unpack(
  kind: Exclude<Compression, "none">,
  packed: Uint8Array,
  { size, sectorsize, codec }: Unpacking,
): Promise<Uint8Array> {
  const least = Math.max(1, size - sectorsize + 1);
  if (kind === "lzo") return unpackLzo(packed, size, least, sectorsize);
  if (kind === "zstd") return padded(await codec.decompress("zstd", packed, size, least), size);
  const [method = 0, flags = 0] = packed;
  if ((method & 0x0f) !== DEFLATE || ((method << 8) | flags) % 31 !== 0 || (flags & DICTIONARY) !== 0) {
    throw new GuestkitError(
      "E_SOURCE_COMPRESSION",
      `Cannot decompress ${packed.length} bytes of zlib: its header is wrong`,
    );
  }
  return padded(await codec.decompress("deflate-raw", packed.subarray(2), size, least), size);
}

function padded(bytes: Uint8Array, size: number): Uint8Array {
  if (bytes.length === size) return bytes;
  const whole = new Uint8Array(size);
  whole.set(bytes);
  return whole;
}
