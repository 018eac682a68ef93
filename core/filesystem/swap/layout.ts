/** The swap header of mkswap(8): `union swap_header` in the kernel's include/linux/swap.h. */
import { bytes, cstring, struct, u32, uuid } from "../../kit/struct.ts";

/** The magic stands in the last ten bytes of the first page, whatever a page's size. */
export const PAGE_SIZES = [4096, 8192, 16384, 32768, 65536] as const;
export const MAGIC_SIZE = 10;
export const INFO_OFFSET = 1024;

const fields = {
  version: u32(0),
  lastPage: u32(4),
  badPages: u32(8),
  rawUuid: bytes(12, 16),
  uuid: uuid(12),
  label: cstring(28, 16),
};

/** From byte 1024 on, in the byte order of the machine that made it. */
export const swapInfo = {
  little: struct("swap.info", "little", 44, fields),
  big: struct("swap.info", "big", 44, fields),
};
