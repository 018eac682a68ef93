/**
 * An appliance in one archive (OVF, DMTF DSP0243, 5.3 and 6): a tar (POSIX.1-2001, pax) whose first member is its descriptor.
 * https://www.dmtf.org/standards/ovf
 */
import { bytes, cstring, struct, u8 } from "../../kit/struct.ts";

export const BLOCK = 512;

export const TarHeader = struct("tar.header", "big", BLOCK, {
  name: cstring(0, 100),
  size: bytes(124, 12),
  typeflag: u8(156),
  magic: cstring(257, 5),
  prefix: cstring(345, 155),
});

/** Kinds of members, each a character. */
export const Type = {
  file: ["0", "\0", "7"],
  /** Names and sizes of the next member (pax, GNU). */
  extended: "x",
  global: "g",
  longName: "L",
  longLink: "K",
} as const;

/** What is believed of an archive. */
export const Limit = {
  /** Of members, and those with their names and sizes before them. */
  headers: 20_000,
  /** Bytes of an extended header. */
  extended: 1 << 20,
  /** Bytes of a descriptor or a manifest. */
  text: 8 << 20,
  chunks: 10_000,
} as const;

/** How a descriptor is told: its name. */
export const DESCRIPTOR = /\.ovf$/i;
export const MANIFEST = /\.mf$/i;
