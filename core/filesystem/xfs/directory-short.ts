import type { DirectoryEntry } from "../filesystem.ts";
import { entryFault, entryOf } from "./directory-entry.ts";
import type { Inode } from "./inode.ts";
import type { Volume } from "./volume.ts";
import { readWide } from "./wide.ts";

/**
 * The entries of a directory that stands in its inode (xfs_dir2_sf): how many, how many need 8 bytes for an inode's
 * number, the parent's, and then each entry's length, place, name, type and number. Throws `E_XFS_DIRECTORY`.
 */
export function shortEntries(volume: Volume, inode: Inode): DirectoryEntry[] {
  const { view, offset } = inode.data;
  const end = Math.min(inode.size, view.byteLength);
  const bad = (at: number, what: string) =>
    volume.fault("E_XFS_DIRECTORY", { thing: `directory inode ${inode.number}`, what, offset: offset + at });
  const count = view.byteLength < 2 ? 0 : view.getUint8(0);
  const numberSize = view.getUint8(1) > 0 ? 8 : 4;
  const typeSize = volume.sb.fileTypes ? 1 : 0;
  if (inode.size > view.byteLength || inode.size < 2 + numberSize) throw bad(0, `it says ${inode.size} bytes`);
  const entries: DirectoryEntry[] = [];
  let at = 2 + numberSize;
  for (let index = 0; index < count; index++) {
    const length = at < end ? view.getUint8(at) : 0;
    const next = at + 3 + length + typeSize + numberSize;
    if (next > end) throw bad(at, "an entry is cut off");
    const name = new Uint8Array(view.buffer, view.byteOffset + at + 3, length);
    const numberAt = next - numberSize;
    const number = numberSize === 8 ? readWide(view, numberAt) : view.getUint32(numberAt);
    const wrong = entryFault(volume, name, number);
    if (wrong) throw bad(at, wrong);
    entries.push(entryOf(name, number, typeSize === 1 ? view.getUint8(numberAt - 1) : 0));
    at = next;
  }
  if (at !== inode.size) throw bad(at, `its entries end at ${at} of ${inode.size} bytes`);
  return entries;
}
