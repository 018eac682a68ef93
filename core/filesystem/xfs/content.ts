import type { ByteSource } from "../../source/source.ts";
import { MappedSource } from "../mapped.ts";
import { forkMap } from "./fork-map.ts";
import type { Inode } from "./inode.ts";
import type { Volume } from "./volume.ts";

/** What a file holds, as a source; nothing of it is kept in memory. Throws `E_XFS_REALTIME`, `E_XFS_EXTENTS`. */
export function openContent(volume: Volume, inode: Inode): ByteSource {
  if (inode.isRealtime) {
    throw volume.fault("E_XFS_REALTIME", {
      thing: `inode ${inode.number}`,
      what: "its content is on the realtime device, which is not at hand",
      offset: inode.offset,
      help: "Read it where both devices are mounted; the rest of the file system reads as usual.",
    });
  }
  return new MappedSource(volume.device, forkMap(volume, inode, inode.data), inode.size, inode.number);
}
