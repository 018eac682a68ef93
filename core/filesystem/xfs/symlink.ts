import { type Eventual, whenHere } from "../../kit/eventual.ts";
import { forkMap } from "./fork-map.ts";
import type { Inode } from "./inode.ts";
import { FORMAT, REMOTE, REMOTE_SELF, SYMLINK_MAGIC, SYMLINK_MAXLEN } from "./layout.ts";
import type { Volume } from "./volume.ts";

/** Where a symbolic link leads: kept in the inode when it is short, else in blocks. Throws `E_XFS_SYMLINK`. */
export function readSymlink(volume: Volume, inode: Inode): Eventual<Uint8Array> {
  const bad = (what: string, code = "E_XFS_SYMLINK") =>
    volume.fault(code, { thing: `the symbolic link in inode ${inode.number}`, what, offset: inode.offset });
  if (inode.type !== "symlink") throw bad(`it is a ${inode.type}`, "E_XFS_NOT_SYMLINK");
  if (inode.size === 0 || inode.size > SYMLINK_MAXLEN) throw bad(`its target has ${inode.size} bytes`);
  return whenHere(inode.data.format === FORMAT.local ? inlineTarget(inode) : remoteTarget(volume, inode), (target) => {
    if (!target) throw bad("its target is cut off");
    if (target.includes(0)) throw bad("its target has a NUL");
    return target;
  });
}

function inlineTarget({ data, size }: Inode): Uint8Array | null {
  const { view } = data;
  return size > view.byteLength ? null : new Uint8Array(view.buffer, view.byteOffset, size).slice();
}

/** Each extent holds a part; in version 5 it begins with a header, whose checksum covers the extent. */
async function remoteTarget(volume: Volume, inode: Inode): Promise<Uint8Array | null> {
  const { v5, blockSize } = volume.sb;
  const map = forkMap(volume, inode, inode.data);
  const target = new Uint8Array(inode.size);
  const header = v5 ? REMOTE.size : 0;
  const most = Math.ceil(SYMLINK_MAXLEN / (blockSize - header));
  for (let done = 0, logical = 0; done < target.length; ) {
    const run = await map.find(logical);
    if (run.block < 0 || run.length > most) return null;
    const piece = await volume.read(run.block, run.length);
    const length = Math.min(target.length - done, piece.bytes.length - header);
    if (v5) {
      const { view } = piece;
      const fits = view.getUint32(REMOTE.magic) === SYMLINK_MAGIC && view.getUint32(REMOTE.offset) === done;
      if (!fits || view.getUint32(REMOTE.bytes) !== length) return null;
      volume.verify(piece, REMOTE_SELF, { owner: inode.number, thing: `the symbolic link in inode ${inode.number}` });
    }
    target.set(piece.bytes.subarray(header, header + length), done);
    done += length;
    logical += run.length;
  }
  return target;
}
