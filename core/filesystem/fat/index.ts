import type { ByteSource } from "../../source/source.ts";
import type { FileSystemKind } from "../filesystem.ts";
import { recognise } from "../recognise.ts";
import { openFat } from "./open.ts";
import { parseBootSector, readBackup } from "./volume.ts";

/** FAT12, FAT16 and FAT32 with long names, named `vfat` as the kernel and libguestfs do. */
export const fat = {
  name: "vfat",
  probe: async (source) => {
    if (source.size < 512) return false;
    if (typeof parseBootSector(await source.read(0, 512)) !== "string") return true;
    return hasBackup(source);
  },
  open: openFat,
} satisfies FileSystemKind;

/** A backup boot sector outlives other content written over the volume: it counts only where nothing else is. */
async function hasBackup(source: ByteSource): Promise<boolean> {
  return (await readBackup(source)) !== null && (await recognise(source)) === null;
}
