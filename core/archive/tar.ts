import type { FileStat, FileSystem } from "../filesystem/filesystem.ts";
import type { Tree, TreeNode } from "../filesystem/tree.ts";
import { type Eventual, whenHere } from "../kit/eventual.ts";
import { type ByteSource, readInto } from "../source/source.ts";
import { aclText } from "./acl.ts";
import { type Binary, fromBinary, isAscii, toBinary } from "./binary.ts";
import { BLOCK, encodeRecords, FLAG, type Member, type Records, recordsOf, writeHeader } from "./header.ts";
import { type Check, Packer, type Sink } from "./packer.ts";
import { findStretches, mayBeSparse, type Stretch, sparseMap } from "./sparse.ts";
import { type WalkEntry, walk } from "./walk.ts";

export type { Sink } from "./packer.ts";

export interface TarOptions {
  /** Hears of what no archive can hold (sockets): raw path below the start. */
  readonly onSkip?: (path: Binary, why: string) => void;
  /** Is asked before what was read goes out, now and then: what it throws keeps that back. */
  readonly check?: Check;
  readonly signal?: AbortSignal;
}

/**
 * Writes everything below `start` as a pax archive (IEEE Std 1003.1-2017), names relative to it (`./etc/passwd`): the
 * directory itself comes first; a file that is none stands alone. Extended attributes are SCHILY.xattr.*, access lists
 * SCHILY.acl.* with numeric ids, sparse files GNU's format 1.0, names that are no UTF-8 raw with hdrcharset=BINARY.
 * Memory does not grow with the tree, but for one directory's names and the files that have more than one link.
 */
export async function writeTar(
  tree: Tree,
  start: TreeNode,
  name: Binary,
  sink: Sink,
  options: TarOptions = {},
): Promise<void> {
  const writer = new TarWriter(sink, options);
  const stat = await start.fs.stat(start.inode);
  if (stat.type !== "directory") {
    await writer.add({ node: start, stat, name, path: name, impossible: false }, name);
    return writer.finish();
  }
  await writer.add({ node: start, stat, name: ".", path: ".", impossible: false }, ".");
  for await (const batch of walk(tree, start)) {
    for (const entry of batch) await writer.add(entry, `./${entry.path}`);
  }
  await writer.finish();
}

class TarWriter {
  readonly #packer: Packer;
  readonly #options: TarOptions;
  /** Where a file of more than one link stands in the archive, by file system and inode. */
  readonly #links = new Map<FileSystem, Map<number, Binary>>();

  constructor(sink: Sink, options: TarOptions) {
    this.#packer = new Packer(sink, options.check);
    this.#options = options;
  }

  /** `path` is what it is called in the archive. */
  async add(entry: WalkEntry, path: Binary): Promise<void> {
    const { stat } = entry;
    this.#options.signal?.throwIfAborted();
    if (stat.type === "socket" || entry.impossible) {
      this.#options.onSkip?.(path, entry.impossible ? "no file can have this name" : "a socket cannot be archived");
      return;
    }
    const first = stat.links > 1 && stat.type !== "directory" ? this.#firstLink(entry.node, path) : undefined;
    if (first !== undefined) return this.#head({ ...member(stat, path, first), flag: FLAG.link, size: 0 }, []);
    const { fs, inode } = entry.node;
    const xattrs = fs.xattrs(inode);
    const records = attributes(xattrs instanceof Promise ? await xattrs : xattrs);
    if (stat.type === "file" && stat.size > 0) return this.#file(entry.node, member(stat, path, ""), records);
    const linkPath = stat.type === "symlink" ? toBinary(await fs.readLink(inode)) : "";
    return this.#head(member(stat, path, linkPath), records);
  }

  /** Two empty blocks end an archive. */
  async finish(): Promise<void> {
    await this.#packer.room(2 * BLOCK);
    this.#packer.place(2 * BLOCK, () => {});
    await this.#packer.flush();
  }

  #firstLink(node: TreeNode, path: Binary): Binary | undefined {
    const known = this.#links.get(node.fs) ?? new Map<number, Binary>();
    this.#links.set(node.fs, known);
    const first = known.get(node.inode);
    if (first === undefined) known.set(node.inode, path);
    return first;
  }

  #head(plain: Member, more: Records): Eventual<void> {
    const records = recordsOf(plain, more);
    if (records.length === 0) return this.#header(plain);
    return whenHere(this.#extended(plain, records), () => this.#header(plain));
  }

  #header(member: Member): Eventual<void> {
    const place = () => this.#packer.place(BLOCK, (target, offset) => writeHeader(member, target, offset));
    return whenHere(this.#packer.room(BLOCK), place);
  }

  #extended(plain: Member, records: Records): Eventual<void> {
    const binary = records.some(([keyword, value]) => NAMES.includes(keyword) && !isUtf8(value));
    const text = encodeRecords(binary ? [["hdrcharset", "BINARY"], ...records] : records);
    const header: Member = { ...plain, ...EXTENDED, path: "././@PaxHeader", size: text.length };
    return whenHere(this.#header(header), () => whenHere(this.#packer.text(text), () => this.#packer.pad(text.length)));
  }

  async #file({ fs, inode }: TreeNode, plain: Member, records: Records): Promise<void> {
    const opened = fs.open(inode);
    const source = opened instanceof Promise ? await opened : opened;
    const stretches = mayBeSparse(source) ? await findStretches(source) : null;
    if (stretches) return await this.#sparse(plain, records, source, stretches);
    const heading = this.#head(plain, records);
    if (heading) await heading;
    await this.#content(source, 0, plain.size);
    this.#packer.pad(plain.size);
  }

  async #sparse(plain: Member, records: Records, source: ByteSource, stretches: readonly Stretch[]): Promise<void> {
    const map = sparseMap(stretches, source.size);
    const size = stretches.reduce((sum, { length }) => sum + length, map.length);
    const sparse: Records = [
      ["GNU.sparse.major", "1"],
      ["GNU.sparse.minor", "0"],
      ["GNU.sparse.name", plain.path],
      ["GNU.sparse.realsize", String(source.size)],
    ];
    await this.#head(
      { ...plain, path: `./GNUSparseFile.0/${plain.path.replace(/[^\x20-\x7e]/g, "_").slice(-60)}`, size },
      [...sparse, ...records],
    );
    await this.#packer.text(map);
    for (const { offset, length } of stretches) await this.#content(source, offset, offset + length);
    this.#packer.pad(size);
  }

  #content(source: ByteSource, start: number, end: number): Promise<void> {
    const { signal } = this.#options;
    return this.#packer.content(end - start, (target, done) => readInto(source, start + done, target, signal));
  }
}

/** Of an extended header itself: nothing that could ask for one more. */
const EXTENDED = {
  flag: FLAG.extended,
  linkPath: "",
  mode: 0o644,
  uid: 0,
  gid: 0,
  mtime: { seconds: 0, nanoseconds: 0 },
  device: null,
} as const;

/** Records whose values are names of files. */
const NAMES: readonly string[] = ["path", "linkpath", "GNU.sparse.name"];
const strict = new TextDecoder("utf-8", { fatal: true });

function isUtf8(text: Binary): boolean {
  if (isAscii(text)) return true;
  try {
    strict.decode(fromBinary(text));
    return true;
  } catch {
    return false;
  }
}

const TYPE_FLAGS: Readonly<Record<Exclude<FileStat["type"], "socket">, string>> = FLAG;

function member(stat: FileStat, path: Binary, linkPath: Binary): Member {
  const { type, mode, uid, gid, size, mtime, device } = stat;
  return {
    flag: TYPE_FLAGS[type as keyof typeof TYPE_FLAGS],
    path: type === "directory" ? `${path}/` : path,
    linkPath,
    mode,
    uid,
    gid,
    size: type === "file" ? size : 0,
    mtime,
    device: type === "block" || type === "char" ? device : null,
  };
}

const ACLS: Readonly<Record<string, string>> = {
  "system.posix_acl_access": "SCHILY.acl.access",
  "system.posix_acl_default": "SCHILY.acl.default",
};

function attributes(xattrs: ReadonlyMap<string, Uint8Array>): Records {
  const records: Records = [];
  for (const [name, value] of xattrs) {
    const acl = ACLS[name];
    const text = acl === undefined ? null : aclText(value);
    if (acl !== undefined && text !== null) records.push([acl, text]);
    else records.push([`SCHILY.xattr.${toBinary(new TextEncoder().encode(name))}`, toBinary(value)]);
  }
  return records;
}
