import { bits64, bytes, type Field, guid, struct, u32 } from "../../kit/struct.ts";

/** GUID partition table, little-endian. Spec: UEFI 2.10, section 5.3, https://uefi.org/specs/UEFI/2.10/05_GUID_Partition_Table_Format.html */

/** A sector's number; what is past 2^53 loses its last bits, and is past every disk's end all the same. */
const lba = (offset: number): Field<number> => ({
  offset,
  size: 8,
  read: (view, at, little) => Number(view.getBigUint64(at, little)),
});

/** "EFI PART" */
export const SIGNATURE = 0x5452415020494645n;

export const gptHeader = struct("gpt.header", "little", 92, {
  signature: bits64(0),
  revision: u32(8),
  headerSize: u32(12),
  headerCrc32: u32(16),
  myLba: lba(24),
  alternateLba: lba(32),
  firstUsableLba: lba(40),
  lastUsableLba: lba(48),
  diskGuid: guid(56),
  partitionEntryLba: lba(72),
  numberOfEntries: u32(80),
  sizeOfEntry: u32(84),
  entriesCrc32: u32(88),
});

/** Where the header's own checksum stands, which counts as zero in it. */
export const HEADER_CRC_OFFSET = 16;

export const gptEntry = struct("gpt.entry", "little", 128, {
  type: guid(0),
  uuid: guid(16),
  firstLba: lba(32),
  lastLba: lba(40),
  attributes: bits64(48),
  name: bytes(56, 72),
});

export const UNUSED_TYPE = "00000000-0000-0000-0000-000000000000";
/** Attribute bit 2: legacy BIOS bootable. */
export const LEGACY_BOOTABLE = 1n << 2n;

/** Bytes that the array of entries may take: 128 entries of 128 bytes are usual, Linux believes up to 4 MiB. */
export const MAX_ENTRIES_BYTES = 4 << 20;
export const SECTOR_SIZES = [512, 4096] as const;
