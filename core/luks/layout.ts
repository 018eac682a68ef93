import { bits64, bytes, cstring, struct, u16, u32 } from "../kit/struct.ts";

/**
 * On-disk structures of LUKS, versions 1 and 2, big-endian.
 * Specs: https://gitlab.com/cryptsetup/cryptsetup/-/wikis/LUKS-standard/on-disk-format.pdf (1.2.3),
 * https://gitlab.com/cryptsetup/LUKS2-docs (1.1.4)
 */

export const MAGIC = "LUKS\xba\xbe";
/** What cryptsetup-reencrypt of old lays over LUKS1's while it is at work. */
export const MAGIC_REENCRYPTING = "LUKS\xde\xad";
/** Of LUKS2's second header. */
export const MAGIC_2ND = "SKUL\xba\xbe";

/** Units of LUKS1's offsets, and of every IV. */
export const SECTOR = 512;

export const phdr = struct("luks.phdr", "big", 592, {
  version: u16(6),
  cipherName: cstring(8, 32),
  cipherMode: cstring(40, 32),
  hashSpec: cstring(72, 32),
  payloadOffset: u32(104),
  keyBytes: u32(108),
  mkDigest: bytes(112, 20),
  mkDigestSalt: bytes(132, 32),
  mkDigestIterations: u32(164),
  uuid: cstring(168, 40),
});

export const KEY_SLOTS = { offset: 208, count: 8 } as const;

export const keySlot = struct("luks.keyslot", "big", 48, {
  active: u32(0),
  iterations: u32(4),
  salt: bytes(8, 32),
  keyMaterialOffset: u32(40),
  stripes: u32(44),
});

export const Active = { enabled: 0x00ac71f3, disabled: 0x0000dead } as const;

export const binaryHeader = struct("luks2.header", "big", 4096, {
  magic: cstring(0, 6),
  version: u16(6),
  hdrSize: bits64(8),
  seqid: bits64(16),
  label: cstring(24, 48),
  checksumAlgorithm: cstring(72, 32),
  uuid: cstring(168, 40),
  hdrOffset: bits64(256),
  checksum: bytes(448, 64),
});

/** Sizes that a LUKS2 header may have, which are the places where the second one may stand. */
export const HEADER_SIZES: readonly number[] = [14, 15, 16, 17, 18, 19, 20, 21, 22].map((bits) => 2 ** bits);
