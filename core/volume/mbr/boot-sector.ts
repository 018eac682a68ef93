/**
 * Whether a sector with 55 AA starts a file system instead of a disk: boot sectors of FAT, exFAT, NTFS and BitLocker
 * end the same way, with code where the partitions would be.
 */
export function isFileSystem(sector: Uint8Array): boolean {
  return OEM_NAMES.includes(String.fromCharCode(...sector.subarray(3, 11))) || isFat(sector);
}

const OEM_NAMES: readonly string[] = ["NTFS    ", "EXFAT   ", "-FVE-FS-"];

/** By the parameter block, as libblkid tells it (Microsoft's FAT specification 1.03, section 3.1). */
function isFat(sector: Uint8Array): boolean {
  const view = new DataView(sector.buffer, sector.byteOffset, sector.byteLength);
  const bytesPerSector = view.getUint16(11, true);
  const media = view.getUint8(21);
  return (
    (sector[0] === 0xeb || sector[0] === 0xe9 || sector[0] === 0) &&
    [512, 1024, 2048, 4096].includes(bytesPerSector) &&
    isPowerOfTwo(view.getUint8(13)) &&
    view.getUint16(14, true) > 0 &&
    [1, 2].includes(view.getUint8(16)) &&
    (media === 0xf0 || media >= 0xf8)
  );
}

function isPowerOfTwo(value: number): boolean {
  return value > 0 && (value & (value - 1)) === 0;
}
