/** On-disk structures of systemd's journal in the words of https://systemd.io/JOURNAL_FILE_FORMAT. All are little-endian. */
import { bytes, struct, u8, u32, u64 } from "../../kit/struct.ts";

export const SIGNATURE = "LPKSHHRH";

export const fileHeader = struct("journal header", "little", 208, {
  signature: bytes(0, 8),
  incompatible: u32(12),
  machineId: bytes(40, 16),
  seqnumId: bytes(72, 16),
  headerSize: u64(88),
  arenaSize: u64(96),
  entries: u64(152),
  entryArray: u64(176),
  /** Microseconds since 1970 of the first entry, and of the last. */
  head: u64(184),
  tail: u64(192),
});

export const Incompatible = { xz: 1, lz4: 2, keyedHash: 4, zstd: 8, compact: 16 } as const;
/** Flags that are known. */
export const KNOWN = 31;

export const objectHeader = struct("journal object", "little", 16, { type: u8(0), flags: u8(1), size: u64(8) });
export const ObjectType = { data: 1, entry: 3, entryArray: 6 } as const;
export const DataFlag = { xz: 1, lz4: 2, zstd: 4 } as const;

/** Where a data object's payload begins, an entry's items, an entry array's. */
export const DATA_PAYLOAD = 64;
export const COMPACT_DATA_PAYLOAD = 72;
export const ENTRY_ITEMS = 64;
export const ARRAY_ITEMS = 24;

export const entryObject = struct("journal entry", "little", 64, {
  seqnum: u64(16),
  realtime: u64(24),
  monotonic: u64(32),
  bootId: bytes(40, 16),
});
export const arrayObject = struct("journal entry array", "little", 24, { next: u64(16) });
