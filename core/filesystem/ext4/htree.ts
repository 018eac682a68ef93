import type { DirectoryBlocks, EntryBlock } from "./directory-block.ts";
import { directoryHash, type HashKind } from "./hash.ts";
import type { Inode } from "./inode.ts";
import type { Volume } from "./volume.ts";

/** `hash_version` of dx_root_info; 3 to 5 are the same with unsigned bytes. */
const KINDS: readonly HashKind[] = ["legacy", "half_md4", "tea"];
const HASH_VERSION = 28;
const INDIRECT_LEVELS = 30;
/** Logical blocks of index entries have 28 bits. */
const BLOCK_MASK = 0x0fffffff;

/** The directory that a tree belongs to. */
export interface Hashed {
  readonly volume: Volume;
  readonly inode: Inode;
  readonly blocks: DirectoryBlocks;
  /** How many blocks it has. */
  readonly count: number;
  block(logical: number): Promise<EntryBlock>;
}

/** A place in one index block on the way down. */
interface Frame {
  readonly block: EntryBlock;
  /** Where its entries begin. */
  readonly start: number;
  readonly count: number;
  at: number;
}

/**
 * Looks a name up by the directory's hash tree
 * (https://docs.kernel.org/filesystems/ext4/directory.html#hash-tree-directories). Undefined where there is no tree
 * that can be followed (then the directory is read from its start). Throws `E_EXT4_HTREE`.
 */
export async function lookupByHash(directory: Hashed, name: Uint8Array): Promise<number | null | undefined> {
  const { inode, volume } = directory;
  if (!inode.has("index") || !volume.sb.compat("dir_index") || inode.has("casefold")) return undefined;
  const root = await directory.block(0);
  const hash = hashFor(directory, root, name);
  if (hash === undefined) return undefined;
  const frames = await descend(directory, root, hash);
  for (;;) {
    const leaf = await directory.block(target(directory, frames.at(-1) as Frame));
    const found = directory.blocks.find(leaf, name);
    if (found !== 0) return found;
    if (!(await advance(directory, frames, hash))) return null;
  }
}

/** Undefined for a hash that is not known, or whose kind of `char` was never noted and matters here. */
function hashFor({ volume }: Hashed, root: EntryBlock, name: Uint8Array): number | undefined {
  const version = root.view.getUint8(HASH_VERSION);
  const kind = KINDS[version % 3];
  if (version > 5 || kind === undefined) return undefined;
  const { hashSign, hashSeed } = volume.sb;
  if (version < 3 && hashSign === null && name.some((byte) => byte >= 0x80)) return undefined;
  const signed = version < 3 && hashSign !== "unsigned";
  return directoryHash(name, { kind, signed, seed: hashSeed });
}

async function descend(directory: Hashed, root: EntryBlock, hash: number): Promise<Frame[]> {
  const levels = root.view.getUint8(INDIRECT_LEVELS);
  const most = directory.volume.sb.incompat("large_dir") ? 2 : 1;
  if (levels > most) throw bad(directory, root, INDIRECT_LEVELS, `it says ${levels} levels of at most ${most}`);
  const frames: Frame[] = [];
  let block = root;
  for (let level = 0; ; level++) {
    const frame = openFrame(directory, block, level === 0);
    frame.at = lastAtMost(frame, hash);
    frames.push(frame);
    if (level === levels) return frames;
    block = await indexBlock(directory, frame);
  }
}

async function indexBlock(directory: Hashed, frame: Frame): Promise<EntryBlock> {
  const logical = target(directory, frame);
  const block = await directory.block(logical);
  if (logical !== 0 && directory.blocks.isIndex(block, logical)) return block;
  throw bad(directory, frame.block, frame.start + frame.at * 8, `block ${logical} of the directory is no index`);
}

function openFrame(directory: Hashed, block: EntryBlock, isRoot: boolean): Frame {
  const { view } = block;
  const start = directory.blocks.countOffset(block);
  const limit = view.getUint16(start, true);
  const count = view.getUint16(start + 2, true);
  const tail = directory.volume.sb.checksums ? 8 : 0;
  if (isRoot !== (start === 32)) throw bad(directory, block, start, "root and node are mixed up");
  if (limit !== Math.floor((view.byteLength - start - tail) / 8) || count === 0 || count > limit) {
    throw bad(directory, block, start, `it says ${count} entries of at most ${limit}`);
  }
  return { block, start, count, at: 0 };
}

function hashAt(frame: Frame, index: number): number {
  return frame.block.view.getUint32(frame.start + index * 8, true);
}

function target(directory: Hashed, frame: Frame): number {
  const logical = frame.block.view.getUint32(frame.start + frame.at * 8 + 4, true) & BLOCK_MASK;
  if (logical < directory.count) return logical;
  throw bad(directory, frame.block, frame.start + frame.at * 8, `it leads to block ${logical} of ${directory.count}`);
}

/** The last entry whose hash is at most `hash`; the first one has none and stands for 0. */
function lastAtMost(frame: Frame, hash: number): number {
  let low = 1;
  let high = frame.count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (hashAt(frame, middle) <= hash) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** On to the next leaf where names of the same hash go on there (the lowest bit of its hash says so). */
async function advance(directory: Hashed, frames: Frame[], hash: number): Promise<boolean> {
  const depth = frames.length;
  while (frames.length > 0) {
    const frame = frames.at(-1) as Frame;
    if (frame.at + 1 < frame.count) break;
    frames.pop();
  }
  const frame = frames.at(-1);
  if (!frame) return false;
  frame.at++;
  const next = hashAt(frame, frame.at);
  if ((next & 1) === 0 || (next & ~1) >>> 0 !== hash) return false;
  while (frames.length < depth) {
    frames.push(openFrame(directory, await indexBlock(directory, frames.at(-1) as Frame), false));
  }
  return true;
}

function bad({ volume, inode }: Hashed, block: EntryBlock, at: number, what: string) {
  return volume.fault("E_EXT4_HTREE", {
    thing: `the hash tree of directory inode ${inode.number}`,
    what,
    offset: block.offset + at,
  });
}
