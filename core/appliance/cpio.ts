/**
 * Archives that kernels unpack as their first root (Documentation/driver-api/early-userspace/buffer-format.rst): "newc",
 * headers of 110 bytes in hex, name and data each padded to four bytes.
 */
import type { GuestTree, TreeNode } from "./tree.ts";

interface Entry {
  readonly path: string;
  /** Type and permissions, as stat(2) has them. */
  readonly mode: number;
  readonly data: Uint8Array;
  readonly device?: readonly [major: number, minor: number];
}

const TRAILER = "TRAILER!!!";
/** The size stands in eight hexadecimal digits. */
const LARGEST = 0xffff_ffff;

/** The archive in pieces: root owns all of it, times are zero. Throws `RangeError` of a file that the format cannot hold. */
export async function* packCpio(tree: GuestTree): AsyncGenerator<Uint8Array> {
  let inode = 0;
  for (const [path, node] of tree.entries()) yield* encode(await entryOf(path, node), ++inode);
  yield* encode({ path: TRAILER, mode: 0, data: NOTHING }, 0);
}

const NOTHING = new Uint8Array();

async function entryOf(path: string, node: TreeNode): Promise<Entry> {
  switch (node.kind) {
    case "folder":
      return { path, mode: 0o040755, data: NOTHING };
    case "link":
      return { path, mode: 0o120777, data: new TextEncoder().encode(node.target) };
    case "device":
      return { path, mode: 0o020600, data: NOTHING, device: [node.major, node.minor] };
    case "file":
      return { path, mode: node.isProgram ? 0o100755 : 0o100644, data: await node.content() };
  }
}

/** Inode, mode, owner, group, links, time, size, the file system's device, the node's own, length of the name, checksum. */
function* encode({ path, mode, data, device = [0, 0] }: Entry, inode: number): Generator<Uint8Array> {
  if (data.length > LARGEST)
    throw new RangeError(`${path} has ${data.length} bytes: an initramfs holds files of 4 GiB`);
  const name = new TextEncoder().encode(`${path}\0`);
  const fields = [inode, mode, 0, 0, 1, 0, data.length, 0, 0, ...device, name.length, 0];
  const head = `070701${fields.map((field) => field.toString(16).padStart(8, "0")).join("")}`;
  yield new TextEncoder().encode(head);
  yield name;
  yield padding(head.length + name.length);
  yield data;
  yield padding(data.length);
}

const padding = (length: number) => new Uint8Array((4 - (length % 4)) % 4);
