import { GuestkitError } from "../kit/errors.ts";

/** `zlib` is deflate with a header before and a checksum behind it, which is demanded where it is there. */
export type Compression = "deflate-raw" | "zlib" | "zstd";

/**
 * Inflates to exactly `size` bytes, or to at least `least` where that is given; `data` may hold others past the stream's
 * end. Throws `E_SOURCE_COMPRESSION`.
 */
export type Decompress = (kind: Compression, data: Uint8Array, size: number, least?: number) => Promise<Uint8Array>;

/** Digests that headers and blocks of disks bear. */
export type DigestName = "sha1" | "sha256" | "sha512";

/** One key of a block cipher, each block of 16 bytes by itself (ECB): what the modes of disks are made of. */
export interface BlockCipher {
  /** Whole blocks; the result is the caller's own. */
  encrypt(blocks: Uint8Array): Uint8Array;
  decrypt(blocks: Uint8Array): Uint8Array;
}

/** What Argon2 is given (RFC 9106, section 3.1). */
export interface Argon2 {
  readonly variant: "argon2i" | "argon2id";
  readonly password: Uint8Array;
  readonly salt: Uint8Array;
  readonly passes: number;
  /** KiB. */
  readonly memory: number;
  readonly lanes: number;
  /** Bytes of the result. */
  readonly length: number;
}

/** PBKDF2 (RFC 8018, section 5.2); `length` in bytes. */
export interface Pbkdf2 {
  readonly hash: string;
  readonly password: Uint8Array;
  readonly salt: Uint8Array;
  readonly iterations: number;
  readonly length: number;
}

/** What reading encrypted disks asks of the platform. Names are the kernel's: `aes`, `camellia`, `sha256`, `rmd160`. */
export interface Ciphers {
  /** Null where the platform lacks the cipher, or it takes no key of that length. Keeps no hold of `key`: that is wiped. */
  blockCipher(name: string, key: Uint8Array): BlockCipher | null;
  /** Null where the platform lacks it. */
  hash(name: string): ((data: Uint8Array) => Uint8Array) | null;
  /** `hash` is one that `hash()` gives. */
  pbkdf2(options: Pbkdf2): Promise<Uint8Array>;
  /** Null where the platform lacks it. */
  readonly argon2: ((options: Argon2) => Promise<Uint8Array>) | null;
}

/** What the pure layers ask of the platform: Node's libraries, or a browser's. */
export interface Codec {
  readonly decompress: Decompress;
  /** At once: blocks are small. */
  digest(name: DigestName, data: Uint8Array): Uint8Array;
  /** Loaded by the first encrypted disk. */
  ciphers(): Promise<Ciphers>;
}

/** Where no platform is given: what needs it throws `E_SOURCE_HOST`. */
export const noCodec: Codec = {
  decompress: async (kind) => {
    throw new GuestkitError("E_SOURCE_HOST", `Cannot decompress ${kind}: no codec was given`);
  },
  digest: (name) => {
    throw new GuestkitError("E_SOURCE_HOST", `Cannot compute ${name}: no codec was given`);
  },
  ciphers: async () => {
    throw new GuestkitError("E_SOURCE_HOST", "Cannot decrypt: no codec was given");
  },
};
