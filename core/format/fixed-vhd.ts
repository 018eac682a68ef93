import { hasMagic } from "../kit/magic.ts";
import type { ByteSource } from "../source/source.ts";
import { BOOT_SECTOR, bears, VHD_COOKIE } from "./marks.ts";

const SECTOR = 512;
const FIXED = 2;
/** The type of the entry by which an MBR guards a GPT: it may say any length. */
const PROTECTIVE = 0xee;

/**
 * Whether a file's last sector is the footer of a fixed VHD: cookie, and the disk's size, which is the rest of the file.
 * (A guest's own sector may be the last of a qcow2; the size would not fit.) Of another type than fixed it is only where
 * `typed` is not asked for: such a one is named, and refused when it is opened.
 */
export async function endsAsFixedVhd(source: ByteSource, typed = false): Promise<boolean> {
  const start = source.size - SECTOR;
  if (start < SECTOR) return false;
  const bytes = await source.read(start, 64);
  if (!bears(bytes, VHD_COOKIE)) return false;
  const view = viewOf(bytes);
  return view.getBigUint64(48) === BigInt(start) && (!typed || view.getUint32(60) === FIXED);
}

/**
 * What the disk's own partition table says against it: in a VHD no disk reaches into its footer's sector, and a raw disk whose
 * guest wrote one there does. Null where nothing does.
 */
export async function reachesFooter(source: ByteSource): Promise<string | null> {
  const footer = source.size / SECTOR - 1;
  const head = await source.read(0, Math.min(2 * SECTOR, source.size));
  const view = viewOf(head);
  if (hasMagic(head, SECTOR, "EFI PART") && view.getBigUint64(SECTOR + 32, true) >= BigInt(footer))
    return "a GPT that ends in the last sector";
  if (!bears(head, BOOT_SECTOR)) return null;
  const ends = [446, 462, 478, 494].map((at) => {
    const isUsed = view.getUint8(at + 4) !== 0 && view.getUint8(at + 4) !== PROTECTIVE;
    return isUsed ? view.getUint32(at + 8, true) + view.getUint32(at + 12, true) : 0;
  });
  return ends.some((end) => end > footer) ? "a partition that ends in the last sector" : null;
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
