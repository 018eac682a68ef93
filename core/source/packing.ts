/** Packings of a stream whose unpacking is left to the platform. */
export type Packing = "gzip" | "zstd" | "xz" | "lzma" | "bzip2";

/**
 * Unpacks pieces as they come, and hands on what is made of them; `take` may end before all of it was taken. Throws what
 * `take` and the pieces throw, `E_UNPACK` of what is damaged or cut off, `E_TOOL_MISSING`.
 */
export type Unpack = (
  packing: Packing,
  packed: AsyncIterable<Uint8Array>,
  take: (plain: AsyncIterable<Uint8Array>) => Promise<void>,
) => Promise<void>;
