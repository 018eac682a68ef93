import { crc32c } from "../../kit/checksum.ts";
import { getU32 } from "../../kit/unsigned.ts";
import type { Codec } from "../../source/codec.ts";
import { blake2b256 } from "./blake2b.ts";
import { xxhash64 } from "./xxhash64.ts";

/** A kind of checksum: what it is called, how many bytes it takes, and whether `stored` (at an offset) is that of `data`. */
export interface Checksum {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  matches(data: Uint8Array, start: number, end: number, stored: DataView, at: number): boolean;
}

const CRC32C: Checksum = {
  name: "crc32c",
  size: 4,
  matches: (data, start, end, stored, at) => ~crc32c(0xffffffff, data, start, end) >>> 0 === getU32(stored, at, true),
};

const XXHASH64: Checksum = {
  name: "xxhash64",
  size: 8,
  matches: (data, start, end, stored, at) => xxhash64(data, start, end) === stored.getBigUint64(at, true),
};

/** By `csum_type`; null for one that is not known. */
export function checksumOf(type: number, { digest }: Pick<Codec, "digest">): Checksum | null {
  if (type === 0) return CRC32C;
  if (type === 1) return XXHASH64;
  if (type === 2) return byBytes("sha256", (data) => digest("sha256", data));
  return type === 3 ? byBytes("blake2b", blake2b256) : null;
}

function byBytes(name: string, hash: (data: Uint8Array) => Uint8Array): Checksum {
  return {
    name,
    size: 32,
    matches: (data, start, end, stored, at) =>
      hash(data.subarray(start, end)).every((byte, index) => byte === stored.getUint8(at + index)),
  };
}
