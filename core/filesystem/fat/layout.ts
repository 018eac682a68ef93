/**
 * On-disk structures of FAT12, FAT16 and FAT32, names and offsets of the "Microsoft Extensible Firmware Initiative FAT32
 * File System Specification" 1.03 (fatgen103), chapter "Boot Sector and BPB" and "FAT Directory Structure".
 */
import { bytes, struct, u8, u16, u32 } from "../../kit/struct.ts";

export const bootSector = struct("fat.boot", "little", 512, {
  jmpBoot: u8(0),
  bytsPerSec: u16(11),
  secPerClus: u8(13),
  rsvdSecCnt: u16(14),
  numFats: u8(16),
  rootEntCnt: u16(17),
  totSec16: u16(19),
  media: u8(21),
  fatSz16: u16(22),
  totSec32: u32(32),
  signature: u16(510),
});

/** From offset 36 on, FAT12 and FAT16. */
export const extended16 = struct("fat.extended16", "little", 512, {
  state: u8(37),
  bootSig: u8(38),
  volId: u32(39),
  volLab: bytes(43, 11),
});

/** From offset 36 on, FAT32. */
export const extended32 = struct("fat.extended32", "little", 512, {
  fatSz32: u32(36),
  extFlags: u16(40),
  fsVer: u16(42),
  rootClus: u32(44),
  fsInfo: u16(48),
  bkBootSec: u16(50),
  state: u8(65),
  bootSig: u8(66),
  volId: u32(67),
  volLab: bytes(71, 11),
});

export const fsInfo = struct("fat.fsinfo", "little", 512, {
  leadSig: u32(0),
  strucSig: u32(484),
  freeCount: u32(488),
});

export const FSINFO_LEAD = 0x41615252;
export const FSINFO_STRUCT = 0x61417272;

/** A directory entry of 32 bytes. */
export const ENTRY_SIZE = 32;

export const shortEntry = struct("fat.entry", "little", ENTRY_SIZE, {
  name: bytes(0, 11),
  attr: u8(11),
  ntRes: u8(12),
  crtTimeTenth: u8(13),
  crtTime: u16(14),
  crtDate: u16(16),
  lstAccDate: u16(18),
  fstClusHi: u16(20),
  wrtTime: u16(22),
  wrtDate: u16(24),
  fstClusLo: u16(26),
  fileSize: u32(28),
});

export const ATTR_READ_ONLY = 0x01;
export const ATTR_VOLUME_ID = 0x08;
export const ATTR_DIRECTORY = 0x10;
export const ATTR_LONG_NAME = 0x0f;
export const ATTR_MASK = 0x3f;

/** `ntRes`: the base or the extension of a short name is shown in lower case. */
export const NT_LOWER_BASE = 0x08;
export const NT_LOWER_EXTENSION = 0x10;

export const ENTRY_END = 0x00;
export const ENTRY_FREE = 0xe5;
/** Stands for 0xE5 as the first byte of a name. */
export const ENTRY_KANJI = 0x05;

export const LONG_LAST = 0x40;
/** Where the 13 UTF-16 units of a long-name entry stand. */
export const LONG_UNITS = [1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30] as const;
