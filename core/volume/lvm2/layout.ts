import { bits64, bytes, struct, u32 } from "../../kit/struct.ts";

/**
 * LVM2's labels and metadata areas, little-endian. Source: LVM2's lib/format_text/layout.h and lib/label/label.h,
 * https://sourceware.org/lvm2/, and lvm(8).
 */

export const SECTOR = 512;
/** A label stands in one of the first four sectors. */
export const LABEL_SECTORS = 4;
export const LABEL_ID = "LABELONE";
export const LABEL_TYPE = "LVM2 001";
/** What LVM2's checksums start with. */
export const INITIAL_CRC = 0xf597a6cf;

export const labelHeader = struct("lvm2.label_header", "little", 32, {
  sector: bits64(8),
  crc: u32(16),
  /** Bytes from the label's start to the pv_header. */
  offset: u32(20),
});
/** The checksum covers the sector from here on. */
export const LABEL_CRC_FROM = 20;

export const pvHeader = struct("lvm2.pv_header", "little", 40, { uuid: bytes(0, 32), deviceSize: bits64(32) });
export const diskLocation = struct("lvm2.disk_locn", "little", 16, { offset: bits64(0), size: bits64(8) });

export const MDA_HEADER_SIZE = 512;
export const MDA_MAGIC = " LVM2 x[5A%r0N*>";
export const mdaHeader = struct("lvm2.mda_header", "little", 40, {
  checksum: u32(0),
  version: u32(20),
  start: bits64(24),
  size: bits64(32),
});
export const MDA_CRC_FROM = 4;
export const MDA_MAGIC_AT = 4;
/** The first slot tells of the text that counts; the second one of what was about to be. */
export const rawLocation = struct("lvm2.raw_locn", "little", 24, {
  offset: bits64(0),
  size: bits64(8),
  checksum: u32(16),
  flags: u32(20),
});
export const RAW_LOCATIONS_AT = 40;
export const RAW_LOCATION_IGNORED = 1;

/** Bytes of a text: areas of 1 MiB are usual, and hold two; a volume takes half a KiB of it. */
export const MOST_TEXT = 16 << 20;
