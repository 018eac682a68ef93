/**
 * On-disk structures of ISO 9660 (ECMA-119, 4th edition), names as there; Joliet ("Joliet Specification", Microsoft
 * 1995) is the same with names in UCS-2; System Use Sharing Protocol (IEEE P1281, SUSP 1.12) and Rock Ridge (IEEE P1282,
 * RRIP 1.12). Numbers stand in both byte orders; the little-endian half is read, as the kernel does.
 */
import { bytes, struct, u8, u16, u32 } from "../../kit/struct.ts";

/** Logical sector: volume descriptors and directory records never cross one. */
export const SECTOR = 2048;
/** Sector of the first volume descriptor. */
export const FIRST_DESCRIPTOR = 16;
export const STANDARD_ID = "CD001";

export const DESCRIPTOR_PRIMARY = 1;
export const DESCRIPTOR_SUPPLEMENTARY = 2;
export const DESCRIPTOR_TERMINATOR = 255;

/** ECMA-119 8.4 and 8.5: primary and supplementary volume descriptor. */
export const volumeDescriptor = struct("iso9660.descriptor", "little", SECTOR, {
  type: u8(0),
  standardId: bytes(1, 5),
  version: u8(6),
  volumeId: bytes(40, 32),
  volumeSpaceSize: u32(80),
  escapeSequences: bytes(88, 32),
  logicalBlockSize: u16(128),
  rootRecord: bytes(156, 34),
  creationDate: bytes(813, 17),
  modificationDate: bytes(830, 17),
});

/** Escape sequences of UCS-2 levels 1, 2 and 3, by which Joliet tells itself. */
export const JOLIET_ESCAPES = ["%/@", "%/C", "%/E"] as const;

/** ECMA-119 9.1: the fixed part of a directory record. */
export const RECORD_SIZE = 33;
export const directoryRecord = struct("iso9660.record", "little", RECORD_SIZE, {
  length: u8(0),
  attributeLength: u8(1),
  extent: u32(2),
  dataLength: u32(10),
  date: bytes(18, 7),
  flags: u8(25),
  fileUnitSize: u8(26),
  interleaveGap: u8(27),
  nameLength: u8(32),
});

export const FLAG_DIRECTORY = 0x02;
export const FLAG_ASSOCIATED = 0x04;
export const FLAG_MULTI_EXTENT = 0x80;

/** Names of one byte: the directory itself and its parent. */
export const NAME_SELF = 0;
export const NAME_PARENT = 1;

/** SUSP 5: signature, length and version before the entry's own fields. */
export const SUSP_HEADER = 4;
/** SUSP 5.1, CE: where the system use area goes on. */
export const continuation = struct("susp.ce", "little", 28, { block: u32(4), offset: u32(12), length: u32(20) });
/** SUSP 5.3, SP. */
export const SP_CHECK = [0xbe, 0xef] as const;
/** RRIP 4.1.1, PX (without the serial number that version 1.12 added). */
export const posixAttributes = struct("rrip.px", "little", 36, {
  mode: u32(4),
  links: u32(12),
  uid: u32(20),
  gid: u32(28),
});
/** RRIP 4.1.2, PN. */
export const deviceNumber = struct("rrip.pn", "little", 20, { high: u32(4), low: u32(12) });
/** RRIP 4.1.5.1, CL. */
export const childLink = struct("rrip.cl", "little", 12, { block: u32(4) });
/** zisofs, ZF: uncompressed size. */
export const compressedFile = struct("zisofs.zf", "little", 16, { size: u32(8) });

/** NM and SL components (RRIP 4.1.3.1 and 4.1.4). */
export const PART_CONTINUE = 0x01;
export const PART_CURRENT = 0x02;
export const PART_PARENT = 0x04;
export const PART_ROOT = 0x08;

/** TF (RRIP 4.1.6). */
export const TIME_CREATION = 0x01;
export const TIME_MODIFY = 0x02;
export const TIME_ACCESS = 0x04;
export const TIME_ATTRIBUTES = 0x08;
export const TIME_LONG_FORM = 0x80;
