import { GuestkitError } from "../kit/errors.ts";

/** `zlib` is deflate with a header before and a checksum behind it, which is demanded where it is there. */
export type Compression = "deflate-raw" | "zlib" | "zstd";

/** Inflates to exactly `size` bytes; `data` may hold others past the stream's end. Throws `E_SOURCE_COMPRESSION`. */
export type Decompress = (kind: Compression, data: Uint8Array, size: number) => Promise<Uint8Array>;

/** Digests that headers and blocks of disks bear. */
export type DigestName = "sha1" | "sha256" | "sha512";

/** What the pure layers ask of the platform: Node's libraries, or a browser's. */
export interface Codec {
  readonly decompress: Decompress;
  /** At once: blocks are small. */
  digest(name: DigestName, data: Uint8Array): Uint8Array;
}

/** Where no platform is given: what needs it throws `E_SOURCE_HOST`. */
export const noCodec: Codec = {
  decompress: async (kind) => {
    throw new GuestkitError("E_SOURCE_HOST", `Cannot decompress ${kind}: no codec was given`);
  },
  digest: (name) => {
    throw new GuestkitError("E_SOURCE_HOST", `Cannot compute ${name}: no codec was given`);
  },
};
