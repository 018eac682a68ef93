import { struct, u32, u64 } from "../../kit/struct.ts";

/**
 * On-disk structures of Parallels' expandable images, all little-endian; sectors are of 512 bytes.
 * Spec: https://gitlab.com/qemu-project/qemu/-/blob/master/docs/interop/parallels.txt; DiskDescriptor.xml as Parallels
 * Desktop and Virtuozzo write it (https://gitlab.com/qemu-project/qemu/-/blob/master/docs/interop/prl-xml.txt)
 */

export const SECTOR = 512;
export const OLD_MAGIC = "WithoutFreeSpace";
/** Its table counts in clusters, and its disk may be larger. */
export const MAGIC = "WithouFreSpacExt";

export const parallelsHeader = struct("parallels.header", "little", 64, {
  version: u32(16),
  /** Sectors of a cluster. */
  tracks: u32(28),
  batEntries: u32(32),
  sectors: u64(36),
  inUse: u32(44),
  flags: u32(52),
});

export const VERSION = 2;
/** Of an image that is open, or was not closed. */
export const IN_USE = 0x746f6e59;
export const EMPTY_IMAGE = 1;
export const ENTRY = 4;

export const Limit = {
  /** Sectors: 1 GiB. */
  maxTracks: 1 << 21,
  maxDescriptor: 1 << 20,
  maxFiles: 2048,
  maxChain: 128,
} as const;
