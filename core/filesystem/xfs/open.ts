import { type Eventual, whenHere } from "../../kit/eventual.ts";
import { Lru } from "../../kit/lru.ts";
import type { ByteSource } from "../../source/source.ts";
import { featureNames } from "../fault.ts";
import type { DirectoryEntry, FileStat, FileSystem, FileType } from "../filesystem.ts";
import { overlaySource } from "../overlay.ts";
import { openContent } from "./content.ts";
import { type Directory, openDirectory } from "./directory.ts";
import { freeBlocks } from "./free-space.ts";
import type { Inode } from "./inode.ts";
import { InodeTable } from "./inode-table.ts";
import { RO_COMPAT, XFS_SB_MAGIC } from "./layout.ts";
import { LogBlocks } from "./log-blocks.ts";
import { findHead } from "./log-head.ts";
import { rangeOf } from "./log-range.ts";
import { replayLog } from "./log-replay.ts";
import { readSuperblock, type Superblock } from "./superblock.ts";
import { readSymlink } from "./symlink.ts";
import { Volume } from "./volume.ts";
import { viewOf } from "./wide.ts";
import { readXattrs } from "./xattr.ts";

/** Whether the magic stands where it belongs. */
export async function probeXfs(source: ByteSource): Promise<boolean> {
  return source.size >= 512 && viewOf(await source.read(0, 4)).getUint32(0) === XFS_SB_MAGIC;
}

/**
 * Opens xfs of version 4 or 5; a log that is to be replayed is replayed in memory. Closing it leaves `source` open.
 * Throws `E_XFS_*` with the place, for what is damaged, unknown or not there.
 */
export async function openXfs(source: ByteSource): Promise<FileSystem> {
  const volume = new Volume(source, await readSuperblock(source));
  const log = logOf(volume);
  const head = await findHead(log);
  if (!head || head.clean) return open(volume, volume.sb.raw.sb_fdblocks, []);
  const pages = await replayLog(log, await rangeOf(log, head));
  const overlay = overlaySource(source, volume.sb.blockSize, pages);
  const isReplayed = (offset: number, length: number) => pages.covers(offset, length);
  const sb = await readSuperblock(overlay, isReplayed(0, 512));
  const after = new Volume(overlay, sb, isReplayed);
  const notes = pages.size > 0 ? [`log replayed: ${pages.size} blocks`] : [];
  return open(after, await freeBlocks(after), notes);
}

async function open(volume: Volume, free: number, notes: readonly string[]): Promise<FileSystem> {
  const table = new InodeTable(volume);
  await table.get(volume.sb.raw.sb_rootino);
  return new Xfs(volume, table, free * volume.sb.blockSize, [...notes, ...stateWarnings(volume.sb)]);
}

/** Throws `E_XFS_EXTERNAL_LOG`, `E_XFS_LOG`. */
function logOf(volume: Volume): LogBlocks {
  const { sb_logstart, sb_logblocks } = volume.sb.raw;
  if (sb_logstart === 0) {
    throw volume.fault("E_XFS_EXTERNAL_LOG", {
      thing: "the xfs file system",
      what: "its log is on another device, and without that it cannot be told what is still to be replayed",
      offset: 0,
      help: "Copy the files out where both devices are mounted.",
    });
  }
  if (volume.holdsLog(sb_logstart, sb_logblocks)) return new LogBlocks(volume);
  const what = `${sb_logblocks} blocks at ${sb_logstart} are to be its log, where that cannot be`;
  throw volume.fault("E_XFS_SUPERBLOCK", { thing: "the superblock", what, offset: 0 });
}

function stateWarnings({ raw, v5, anyCase }: Superblock): string[] {
  const known = Object.values(RO_COMPAT).reduce<number>((all, bit) => all | bit, 0);
  const unknown = v5 ? featureNames((raw.sb_features_ro_compat & ~known) >>> 0, {}, "ro_compat") : [];
  const rules: readonly (readonly [boolean, string])[] = [
    [raw.sb_rblocks > 0, "files on its realtime device are refused"],
    [anyCase, "asciici: names are compared byte for byte here, case matters"],
    [unknown.length > 0, `read although it uses ${unknown.join(", ")}, which only matters when writing`],
  ];
  return rules.filter(([applies]) => applies).map(([, text]) => text);
}

/** Directories kept open: look-ups of a path come back to its first ones. Each keeps 1 MiB of blocks at most. */
const DIRECTORIES = 16;

class Xfs implements FileSystem {
  readonly type = "xfs";
  readonly uuid: string | null;
  readonly label: string | null;
  readonly size: number;
  readonly free: number;
  readonly warnings: readonly string[];
  readonly root: number;
  readonly #volume: Volume;
  readonly #table: InodeTable;
  readonly #directories = new Lru<number, Directory>(DIRECTORIES);

  constructor(volume: Volume, table: InodeTable, free: number, warnings: readonly string[]) {
    const { raw, blocks, blockSize } = volume.sb;
    this.#volume = volume;
    this.#table = table;
    this.uuid = raw.sb_uuid.every((byte) => byte === 0) ? null : raw.sb_uuid_text;
    this.label = raw.sb_fname || null;
    this.size = blocks * blockSize;
    this.free = free;
    this.warnings = warnings;
    this.root = raw.sb_rootino;
  }

  stat(number: number): Eventual<FileStat> {
    return whenHere(this.#table.get(number), (inode) => inode.stat(inode.type as FileType));
  }

  async *entries(directory: number): AsyncGenerator<readonly DirectoryEntry[]> {
    yield* (await this.#directory(directory)).entries();
  }

  async lookup(directory: number, name: Uint8Array): Promise<number | null> {
    return (await this.#directory(directory)).lookup(name);
  }

  async #directory(number: number): Promise<Directory> {
    const known = this.#directories.get(number);
    if (known) return known;
    const directory = openDirectory(this.#volume, await this.#table.get(number));
    this.#directories.set(number, directory);
    return directory;
  }

  readLink(number: number): Eventual<Uint8Array> {
    return whenHere(this.#table.get(number), (inode) => readSymlink(this.#volume, inode));
  }

  open(number: number): Eventual<ByteSource> {
    return whenHere(this.#table.get(number), (inode) => this.#content(inode));
  }

  #content(inode: Inode): ByteSource {
    if (inode.type === "file") return openContent(this.#volume, inode);
    throw this.#volume.fault("E_XFS_NOT_FILE", {
      thing: `inode ${inode.number} as a file`,
      what: `it is a ${inode.type}`,
      offset: inode.offset,
      help: "Name a regular file.",
    });
  }

  xattrs(number: number): Eventual<ReadonlyMap<string, Uint8Array>> {
    return whenHere(this.#table.get(number), (inode) => readXattrs(this.#volume, inode));
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}
