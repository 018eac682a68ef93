/** What a partition starts with, told by a few bytes: enough to decide how it grows. */
const TEXT = new TextDecoder("latin1");

/** `ext`, `xfs`, `btrfs`, `swap`, `vfat`, ... or null. `head` holds at least 128 KiB, or all there is. */
export function fileSystemOf(head: Uint8Array): string | null {
  const at = (offset: number, text: string) => TEXT.decode(head.subarray(offset, offset + text.length)) === text;
  if (head[0x438] === 0x53 && head[0x439] === 0xef) return "ext";
  if (at(0, "XFSB")) return "xfs";
  if (at(0x10040, "_BHRfS_M")) return "btrfs";
  if (at(4086, "SWAPSPACE2")) return "swap";
  if (at(0x36, "FAT") || at(0x52, "FAT32")) return "vfat";
  if (at(3, "NTFS    ")) return "ntfs";
  if (at(0, "LUKS")) return "crypto_LUKS";
  if ([0, 512, 1024, 1536].some((offset) => at(offset, "LABELONE"))) return "LVM2_member";
  return null;
}
