import { crc32 } from "node:zlib";
import type { Tree, TreeNode } from "../../../core/filesystem/tree.ts";
import type { ByteSource } from "../../../core/source/source.ts";

/** What is known of a tree: by each path what is there, or null where that cannot be read. */
export interface KnownTree {
  readonly files: ReadonlyMap<string, string | null>;
  /** Folders whose names cannot be read: nothing is known of what lies below. */
  readonly closed: ReadonlySet<string>;
  /** A folder has two entries of one name, or one that no file can have: what a path is, nobody can say. */
  readonly isOdd: boolean;
}

const PIECE = 256 << 10;
/** Of a file more than an image of the damage bed holds; where there is more the case proves nothing. */
const MOST = 96 << 20;

/** Every file by itself, as simply as can be: what a comparison is held against. */
export async function knowTree(tree: Tree): Promise<KnownTree> {
  const files = new Map<string, string | null>();
  const closed = new Set<string>();
  const seen = new Map<unknown, Set<number>>();
  let isOdd = false;
  const enter = async (node: TreeNode, path: string): Promise<void> => {
    const names = isNew(seen, node) ? await listOf(node).catch(() => null) : null;
    if (!names) return void closed.add(path);
    if (new Set(names.map(({ name }) => name)).size < names.length) isOdd = true;
    for (const { name, inode } of names.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (/^$|^\.{1,2}$|[/\0]/.test(name)) isOdd = true;
      await visit(tree.cross({ fs: node.fs, inode }), `${path === "/" ? "" : path}/${name}`);
    }
  };
  const visit = async (node: TreeNode, path: string): Promise<void> => {
    const told = await describe(node).catch(() => null);
    files.set(path, told);
    const type = await Promise.resolve(node.fs.stat(node.inode)).then(
      (stat) => stat.type,
      () => null,
    );
    if (type === "directory" && !isOdd) await enter(node, path);
  };
  await visit(tree.root, "/");
  return { files, closed, isOdd };
}

function isNew(seen: Map<unknown, Set<number>>, { fs, inode }: TreeNode): boolean {
  const inodes = seen.get(fs) ?? new Set<number>();
  seen.set(fs, inodes);
  return !inodes.has(inode) && inodes.add(inode) !== undefined;
}

async function listOf({ fs, inode }: TreeNode) {
  const found: { name: string; inode: number }[] = [];
  for await (const batch of fs.entries(inode))
    for (const entry of batch) found.push({ name: Buffer.from(entry.name).toString("latin1"), inode: entry.inode });
  return found;
}

async function describe({ fs, inode }: TreeNode): Promise<string> {
  const { type, mode, uid, gid, size, device } = await fs.stat(inode);
  const attributes = [...(await fs.xattrs(inode))].map(([name, value]) => `${name}=${crc32(value)}`);
  const target = type === "symlink" ? Buffer.from(await fs.readLink(inode)).toString("latin1") : null;
  const content = type === "file" ? `${size} ${await sumOf(await fs.open(inode))}` : null;
  return JSON.stringify({ type, mode, uid, gid, device, attributes: attributes.sort(), target, content });
}

/** Of pieces that begin at multiples of their size: holes and zeros are the same. */
async function sumOf(source: ByteSource): Promise<number> {
  let [sum, data] = [0, 0];
  for (let at = 0; at < source.size; at += PIECE) {
    const length = Math.min(PIECE, source.size - at);
    const { length: run, zero } = (await source.extent?.(at, source.size - at)) ?? { length, zero: false };
    if (zero && run >= PIECE) {
      at += Math.floor(run / PIECE - 1) * PIECE;
      continue;
    }
    data += length;
    if (data > MOST) throw new Error("more data than the image holds");
    const bytes = await source.read(at, length);
    if (bytes.some((byte) => byte !== 0)) sum = crc32(bytes, (sum + at) >>> 0);
  }
  return sum;
}
