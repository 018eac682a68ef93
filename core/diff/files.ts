import { type Binary, formatMode, formatTime, fromBinary, toBinary, type WalkEntry, walk } from "../archive/index.ts";
import type { Tree, TreeNode } from "../filesystem/tree.ts";
import { hexOf } from "../kit/struct.ts";
import type { Change, Pair } from "./change.ts";
import { isSame, type Memory, memory } from "./content.ts";
import { pairs } from "./lists.ts";
import { Renames } from "./renames.ts";

/** A tree, and the folder in it that is compared. */
export interface Place {
  readonly tree: Tree;
  readonly start: TreeNode;
  /** The folder's own path, raw, with a slash at both ends. */
  readonly folder: Binary;
}

export interface FileOptions {
  /** Modification times count as well. */
  readonly times?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * What differs below two folders, told as it is met; files that went and came with the same content are told as renamed,
 * at the end. Memory does not grow with the trees: see `Renames`.
 */
export async function* compareFiles(
  before: Place,
  after: Place,
  system: number | null,
  options: FileOptions,
): AsyncGenerator<Change> {
  const change = (
    kind: Change["change"],
    name: Binary,
    fields: Readonly<Record<string, Pair>>,
    from: Binary | null = null,
  ): Change => ({
    ...{ group: "files", change: kind, system, name: after.folder + name, fields },
    from: from === null ? null : before.folder + from,
  });
  const renames = new Renames();
  const buffers = memory();
  for await (const [was, is] of joined(entriesOf(before), entriesOf(after))) {
    options.signal?.throwIfAborted();
    if (was && is) {
      const fields = await differing(was, is, buffers, options);
      if (Object.keys(fields).length > 0) yield change("modified", is.path, fields);
      continue;
    }
    const entry = (was ?? is) as WalkEntry;
    if (renames.takes(entry, was === null)) continue;
    yield change(was ? "removed" : "added", entry.path, {});
  }
  for await (const { was, is } of renames.settle(buffers)) {
    if (was && is)
      yield change("renamed", is.path, await differing(was, is, buffers, { ...options, isSame: true }), was.path);
    else yield change(was ? "removed" : "added", ((was ?? is) as WalkEntry).path, {});
  }
}

async function* entriesOf({ tree, start }: Place): AsyncGenerator<WalkEntry> {
  for await (const batch of walk(tree, start)) yield* batch;
}

/** Entries of two walks by their paths; null where one has none of it. */
async function* joined(
  before: AsyncGenerator<WalkEntry>,
  after: AsyncGenerator<WalkEntry>,
): AsyncGenerator<readonly [WalkEntry | null, WalkEntry | null]> {
  let [was, is] = [await before.next(), await after.next()];
  while (!was.done || !is.done) {
    const order = was.done ? 1 : is.done ? -1 : comparePaths(was.value.path, is.value.path);
    yield [order <= 0 ? (was.value as WalkEntry) : null, order >= 0 ? (is.value as WalkEntry) : null];
    if (order <= 0) was = await before.next();
    if (order >= 0) is = await after.next();
  }
}

/** The order of a walk: name by name, what is in a folder right behind it. */
function comparePaths(a: Binary, b: Binary): number {
  if (a === b) return 0;
  let at = 0;
  while (at < a.length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  return rank(a, at) - rank(b, at);
}

/** An end comes before a slash, and that before anything else. */
function rank(path: Binary, at: number): number {
  if (at >= path.length) return -2;
  const code = path.charCodeAt(at);
  return code === 0x2f ? -1 : code;
}

const owner = ({ stat }: WalkEntry) => `${stat.uid}:${stat.gid}`;
const device = ({ stat }: WalkEntry) => (stat.device ? `${stat.device.major}:${stat.device.minor}` : undefined);

/** What of one path is not the same; the sizes of a content that is not. */
async function differing(
  was: WalkEntry,
  is: WalkEntry,
  buffers: Memory,
  options: FileOptions & { readonly isSame?: boolean },
): Promise<Readonly<Record<string, Pair>>> {
  if (was.stat.type !== is.stat.type) return { type: [was.stat.type, is.stat.type] };
  const plain = (entry: WalkEntry) => ({
    mode: formatMode(entry.stat.mode),
    owner: owner(entry),
    device: device(entry),
    ...(options.times && entry.stat.type !== "directory" && { mtime: formatTime(entry.stat.mtime) }),
  });
  return {
    ...pairs(plain(was), plain(is)),
    ...(await attributesOf(was, is)),
    ...(options.isSame ? {} : await contentOf(was, is, buffers)),
  };
}

async function contentOf(was: WalkEntry, is: WalkEntry, buffers: Memory): Promise<Readonly<Record<string, Pair>>> {
  const [a, b] = [was.node, is.node];
  if (was.stat.type === "symlink") {
    const [old, now] = [toBinary(await a.fs.readLink(a.inode)), toBinary(await b.fs.readLink(b.inode))];
    return pairs({ target: lossy(old) }, { target: lossy(now) });
  }
  if (was.stat.type !== "file" || (was.stat.size === 0 && is.stat.size === 0)) return {};
  const content: Pair = [was.stat.size, is.stat.size];
  if (was.stat.size !== is.stat.size) return { content };
  const same = await isSame(await a.fs.open(a.inode), await b.fs.open(b.inode), buffers);
  return same ? {} : { content };
}

const decoder = new TextDecoder();
const lossy = (raw: Binary) => decoder.decode(fromBinary(raw));

/** Extended attributes, by their names; values as hexadecimal digits. */
async function attributesOf({ node: a }: WalkEntry, { node: b }: WalkEntry): Promise<Readonly<Record<string, Pair>>> {
  const [old, now] = [await a.fs.xattrs(a.inode), await b.fs.xattrs(b.inode)];
  if (old.size === 0 && now.size === 0) return {};
  const spelled = (map: ReadonlyMap<string, Uint8Array>) =>
    Object.fromEntries([...map].map(([name, value]) => [`xattr ${name}`, hexOf(value)]));
  return pairs(spelled(old), spelled(now));
}
