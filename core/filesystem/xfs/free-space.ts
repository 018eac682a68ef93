import { hex } from "../fault.ts";
import { checksumOf } from "./checksum.ts";
import { AGF, XFS_AGF_MAGIC } from "./layout.ts";
import { piece, type Volume } from "./volume.ts";

/**
 * Free blocks as the allocation groups count them: after a crash the superblock's own count is an old one.
 * Throws `E_XFS_GROUP`, `E_XFS_CHECKSUM`.
 */
export async function freeBlocks(volume: Volume): Promise<number> {
  let free = 0;
  for (let group = 0; group < volume.sb.agCount; group++) free += await freeOf(volume, group);
  return free;
}

async function freeOf(volume: Volume, group: number): Promise<number> {
  const { sb } = volume;
  const size = sb.raw.sb_sectsize;
  const offset = group * sb.agBlocks * sb.blockSize + size;
  const { bytes, view } = piece(await volume.source.read(offset, size), offset);
  const bad = (what: string, code = "E_XFS_GROUP") =>
    volume.fault(code, { thing: `the header of allocation group ${group}`, what, offset });
  const magic = view.getUint32(AGF.agf_magicnum);
  if (magic !== XFS_AGF_MAGIC) throw bad(`its magic is ${hex(magic)}, not 0x58414746`);
  const stored = view.getUint32(AGF.agf_crc, true);
  if (sb.v5 && !volume.isReplayed(offset, size) && stored !== checksumOf(bytes, AGF.agf_crc)) {
    throw bad(`its checksum ${hex(stored)} is not its content's`, "E_XFS_CHECKSUM");
  }
  const free = [AGF.agf_freeblks, AGF.agf_flcount, AGF.agf_btreeblks].reduce((sum, at) => sum + view.getUint32(at), 0);
  if (free > volume.groupLength(group)) throw bad(`${free} of its ${volume.groupLength(group)} blocks are to be free`);
  return free;
}
