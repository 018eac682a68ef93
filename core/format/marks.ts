import type { ByteSource } from "../source/source.ts";

/** What tells a kind of file: bytes at an offset. */
interface Mark {
  readonly name: string;
  readonly offset: number;
  readonly magic: string;
}

const mark = (name: string, offset: number, magic: string): Mark => ({ name, offset, magic });

/** Formats of disks. A file that bears one of these is taken for no plain disk. */
const DISKS: readonly Mark[] = [
  mark("qcow2", 0, "QFI\xfb"),
  mark("vmdk", 0, "KDMV"),
  mark("vmdk", 0, "COWD"),
  mark("vmdk", 0, "# Disk DescriptorFile"),
  mark("vhd", 0, "conectix"),
  mark("vhdx", 0, "vhdxfile"),
  mark("vdi", 64, "\x7f\x10\xda\xbe"),
  mark("qed", 0, "QED\0"),
  mark("parallels", 0, "WithoutFreeSpace"),
  mark("parallels", 0, "WithouFreSpacExt"),
  mark("xz", 0, "\xfd7zXZ\0"),
  mark("gzip", 0, "\x1f\x8b\x08"),
  mark("zstd", 0, "\x28\xb5\x2f\xfd"),
  mark("bzip2", 0, "BZh"),
];

/** What plain disks hold, told only of a file that bears a disk format's mark as well. */
const CONTENTS: readonly Mark[] = [
  mark("a DOS partition table", 510, "\x55\xaa"),
  mark("a GPT", 512, "EFI PART"),
  mark("a GPT", 4096, "EFI PART"),
  mark("an ext file system", 1080, "\x53\xef"),
  mark("swap space", 4086, "SWAPSPACE2"),
  mark("an LVM volume", 512, "LABELONE"),
  mark("a tar archive", 257, "ustar"),
  mark("an ISO 9660 file system", 32769, "CD001"),
];

const NEAR = 80;
const FOOTER = 512;

/** What a file looks like. */
export interface Looks {
  /** The disk format whose mark it bears; null for a plain disk. */
  readonly format: string | null;
  /** What it could as well be: `a GPT`, `vhd`. */
  readonly others: readonly string[];
  /** By its header it has parents or a data file: opened so, it leads to other files. */
  readonly namesFiles: boolean;
}

/**
 * What the bytes of a file say that it is. A real qcow2 keeps its first cluster to its header: what stands there belongs to
 * no guest, and another format's mark in it was put there to deceive. (Of clusters behind it nothing is said: guests write
 * them.)
 */
export async function looksLike(source: ByteSource): Promise<Looks> {
  const near = await source.read(0, Math.min(NEAR, source.size));
  const formats = [...new Set(DISKS.filter((each) => bears(near, each)).map(({ name }) => name))];
  const [format = null, ...others] = formats;
  if (format !== "qcow2") return { format, others, namesFiles: format !== null };
  const contents = await contentsOf(source, Math.min(source.size, clusterSize(near)));
  const footer = (await hasFooter(source)) ? ["vhd"] : [];
  return { format, others: [...others, ...contents, ...footer], namesFiles: namesFiles(near) };
}

/** `backing_file_offset` stands at 8; bit 2 of version 3's incompatible features, at 72, is an external data file. */
function namesFiles(head: Uint8Array): boolean {
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  if (head.length < NEAR) return true;
  return view.getBigUint64(8) !== 0n || (view.getUint32(4) >= 3 && (view.getBigUint64(72) & 4n) !== 0n);
}

function bears(bytes: Uint8Array, { offset, magic }: Mark, start = 0): boolean {
  for (let at = 0; at < magic.length; at++) if (bytes[offset - start + at] !== magic.charCodeAt(at)) return false;
  return true;
}

/** A few bytes each: what lies between them is nobody's to read yet. */
async function contentsOf(source: ByteSource, end: number): Promise<readonly string[]> {
  const found: string[] = [];
  for (const each of CONTENTS) {
    if (each.offset + each.magic.length > end) continue;
    if (bears(await source.read(each.offset, each.magic.length), each, each.offset)) found.push(each.name);
  }
  return found;
}

/** Bytes; `cluster_bits` stands at 20, and is 21 at most. */
function clusterSize(head: Uint8Array): number {
  return head.length < 24 ? 0 : 2 ** Math.min(21, head[23] ?? 0);
}

/**
 * A fixed VHD is told by its last sector alone: cookie and the disk's size, which is the rest of the file.
 * (A guest's own sector may be the last of a qcow2; the size would not fit.)
 */
async function hasFooter(source: ByteSource): Promise<boolean> {
  const start = source.size - FOOTER;
  if (start < FOOTER || !bears(await source.read(start, COOKIE.magic.length), COOKIE)) return false;
  const size = await source.read(start + 48, 8);
  return new DataView(size.buffer, size.byteOffset, 8).getBigUint64(0) === BigInt(start);
}

const COOKIE = mark("vhd", 0, "conectix");
