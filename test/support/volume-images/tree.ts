/** A small tree with one of everything, as data: made on a real file system, and what is to be found there. */
import { createHash } from "node:crypto";
import type { Facts, FileFacts } from "../compare-tree.ts";
import { Random } from "../random.ts";

/** A file to be made; what is left out is root's, 0644 (a directory 0755), and of the tree's own time. */
interface Entry {
  readonly path: Buffer;
  readonly type: FileFacts["type"];
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Nanoseconds since 1970. */
  readonly mtime: bigint;
  readonly xattrs: Readonly<Record<string, Buffer>>;
  /** Bytes of a file and where they lie; the rest is hole. */
  readonly pieces: readonly (readonly [number, Buffer])[];
  readonly size: number;
  readonly target?: Buffer;
  readonly device?: readonly [number, number];
  readonly linkTo?: Buffer;
}

const TIME = 1_700_000_000_123_456_789n;

function entry(path: string | Buffer, type: FileFacts["type"], rest: Partial<Entry> = {}): Entry {
  const mode = { directory: 0o755, symlink: 0o777 }[type as string] ?? 0o644;
  const place = typeof path === "string" ? Buffer.from(path) : path;
  return { path: place, type, mode, uid: 0, gid: 0, mtime: TIME, xattrs: {}, pieces: [], size: 0, ...rest };
}

function file(path: string | Buffer, content: string | Buffer, rest: Partial<Entry> = {}): Entry {
  const bytes = Buffer.from(content);
  return entry(path, "file", { pieces: bytes.length > 0 ? [[0, bytes]] : [], size: bytes.length, ...rest });
}

function symlink(path: string, target: string): Entry {
  return entry(path, "symlink", { target: Buffer.from(target), size: Buffer.byteLength(target) });
}

function noise(length: number): Buffer {
  const random = new Random(length);
  return Buffer.from(Uint8Array.from({ length }, () => random.below(256)));
}

const BIG = 2 ** 21 + 17;
const HELLO = file("hello", "hello, world\n", { xattrs: { "user.note": Buffer.from("a word") } });

/** Parents before children. Times stay within 32 bits, which is all that an xfs of version 4 has. */
const TREE: readonly Entry[] = [
  entry("", "directory", { mode: 0o751, uid: 3, gid: 4 }),
  HELLO,
  file("empty", ""),
  file("big", noise(BIG), { mode: 0o600, uid: 1000, gid: 1001 }),
  entry("sparse", "file", {
    size: 3_000_001,
    pieces: [0, 70_000, 1 << 21, 2_999_000].map((at) => [at, noise(1000)] as const),
  }),
  entry("only-hole", "file", { size: 100_000 }),
  file("setuid", "#!/bin/sh\n", { mode: 0o6755, uid: 70_000, gid: 4_000_000_000 }),
  file("old", "before 1970\n", { mtime: -1_500_000_001n }),
  file("late", "in 2038\n", { mtime: 2_147_483_646_999_999_999n }),
  file("marked", "x", { xattrs: { "user.large": noise(600), "user.none": Buffer.alloc(0), "trusted.own": noise(40) } }),
  symlink("short", "hello"),
  symlink("dangling", `/nowhere/${"long/".repeat(40)}end`),
  entry("pipe", "fifo", { mode: 0o620 }),
  entry("console", "char", { device: [5, 1], mode: 0o600 }),
  entry("disk", "block", { device: [259, 70_000], mode: 0o660, gid: 6 }),
  entry("names", "directory"),
  ...[Buffer.from("fffe206e6f2075746638", "hex"), "new\nline", "größe", "n".repeat(255)].map((name) =>
    file(Buffer.concat([Buffer.from("names/"), Buffer.from(name)]), name),
  ),
  entry("deep", "directory", { mode: 0o1777 }),
  entry("deep/er", "directory", { mode: 0o2770, gid: 100 }),
  file("deep/er/leaf", "leaf\n"),
  { ...HELLO, path: Buffer.from("deep/er/hello-too"), linkTo: HELLO.path },
  entry("many", "directory"),
  ...Array.from({ length: 180 }, (_, at) => file(`many/file-${at}`, `${at}\n`)),
];

/** The facts that do not depend on the file system or on the moment; {@link VARIES} are left out. */
export function treeFacts(): Facts {
  return new Map(TREE.map((each) => [each.path.toString("hex"), factsOf(each)]));
}

export const VARIES = ["inode", "atime", "ctime"] as const;

/** What populate.py reads: the tree and the contents of its files. */
export function treeFiles(): Record<string, string | Buffer> {
  const contents: Record<string, Buffer> = {};
  const entries = TREE.map((each, at) => ({
    ...each,
    ...hexOf(each),
    mtime: String(each.mtime),
    pieces: each.pieces.map(([offset, bytes], piece) => {
      contents[`${at}-${piece}`] = bytes;
      return [offset, `${at}-${piece}`];
    }),
  }));
  return { ...contents, "tree.json": JSON.stringify(entries) };
}

function hexOf({ path, target, linkTo, xattrs }: Entry) {
  return {
    path: path.toString("hex"),
    target: target?.toString("hex"),
    linkTo: linkTo?.toString("hex"),
    xattrs: Object.fromEntries(Object.entries(xattrs).map(([name, value]) => [name, value.toString("hex")])),
  };
}

function factsOf(each: Entry): Partial<FileFacts> {
  const { path, target, xattrs } = hexOf(each);
  const sorted = Object.fromEntries(Object.entries(xattrs).sort());
  const { type, mode, uid, gid, size, mtime, device = [0, 0] } = each;
  return {
    path,
    type,
    mode,
    uid,
    gid,
    ...(type !== "directory" && { size }),
    links: linksOf(each),
    mtime: String(mtime),
    device,
    xattrs: sorted,
    ...(target !== undefined && { target }),
    ...(type === "file" && { sha256: createHash("sha256").update(contentOf(each)).digest("hex") }),
  };
}

function contentOf({ pieces, size }: Entry): Buffer {
  const bytes = Buffer.alloc(size);
  for (const [at, piece] of pieces) piece.copy(bytes, at);
  return bytes;
}

/** Names of a file; of a directory its own two and its subdirectories' `..`. */
function linksOf({ path, type, linkTo }: Entry): number {
  const inode = linkTo ?? path;
  if (type !== "directory") return TREE.filter((each) => (each.linkTo ?? each.path).equals(inode)).length;
  const parent = path.toString("latin1");
  return 2 + TREE.filter((each) => each.type === "directory" && parentOf(each.path) === parent).length;
}

function parentOf(path: Buffer): string | null {
  const text = path.toString("latin1");
  return text === "" ? null : text.slice(0, Math.max(0, text.lastIndexOf("/")));
}
