import { type Eventual, whenHere } from "../../kit/eventual.ts";
import type { ByteSource } from "../../source/source.ts";
import { featureNames } from "../fault.ts";
import type { DirectoryEntry, FileStat, FileSystem, FileType } from "../filesystem.ts";
import { openContent } from "./content.ts";
import { Directory } from "./directory.ts";
import type { Inode } from "./inode.ts";
import { InodeTable } from "./inode-table.ts";
import { replayJournal } from "./journal.ts";
import { EXT4_ERROR_FS, EXT4_ROOT_INO, EXT4_SUPER_MAGIC, EXT4_VALID_FS, RO_COMPAT } from "./layout.ts";
import { replayedSource } from "./overlay.ts";
import { readSuperblock, type Superblock, typeName } from "./superblock.ts";
import { readSymlink } from "./symlink.ts";
import { SystemZone } from "./system-zone.ts";
import { Volume } from "./volume.ts";
import { readXattrs } from "./xattr.ts";

/** Whether the magic of ext2, ext3 and ext4 stands where it belongs. */
export async function probeExt4(source: ByteSource): Promise<boolean> {
  if (source.size < 2048) return false;
  const [low, high] = await source.read(1024 + 0x38, 2);
  return low === (EXT4_SUPER_MAGIC & 0xff) && high === EXT4_SUPER_MAGIC >> 8;
}

/**
 * Opens ext2, ext3 or ext4; a journal that needs recovery is replayed in memory. Closing it leaves `source` open.
 * Throws `E_EXT4_*` with the place, for what is damaged, unknown or (journal on another device) not there.
 */
export async function openExt4(source: ByteSource): Promise<FileSystem> {
  const before = new Volume(source, await readSuperblock(source));
  if (!before.sb.incompat("needs_recovery") || !before.sb.compat("has_journal")) return open(before, []);
  const replay = await replayJournal(before);
  if (replay.size === 0) return open(before, []);
  const overlay = replayedSource(source, before.sb.blockSize, replay);
  const after = new Volume(overlay, await readSuperblock(overlay));
  return open(after, [`journal replayed: ${replay.size} blocks`]);
}

async function open(volume: Volume, notes: readonly string[]): Promise<FileSystem> {
  const table = new InodeTable(volume);
  await table.get(EXT4_ROOT_INO);
  volume.reserve(await SystemZone.of(volume, table));
  // A replayed superblock carries the counts of the last clean unmount; the groups are up to date.
  const free = notes.length > 0 ? await table.groups.freeBlocks() : volume.sb.freeBlocks;
  return new Ext4(volume, table, free * volume.sb.blockSize, [...notes, ...stateWarnings(volume.sb)]);
}

function stateWarnings(sb: Superblock): string[] {
  const { s_state, s_last_orphan, s_feature_ro_compat } = sb.raw;
  const known = Object.values(RO_COMPAT).reduce<number>((all, bit) => all | bit, 0);
  const unknown = featureNames((s_feature_ro_compat & ~known) >>> 0, {}, "ro_compat");
  const journaled = sb.compat("has_journal");
  const rules: readonly (readonly [boolean, string])[] = [
    [(s_state & EXT4_ERROR_FS) !== 0, "the kernel noted errors in this file system: check it with e2fsck"],
    [
      !journaled && (s_state & EXT4_VALID_FS) === 0,
      "not cleanly unmounted and without a journal: it may be inconsistent",
    ],
    [
      s_last_orphan !== 0 || sb.roCompat("orphan_present"),
      "deleted files that were still open are left for the next mount",
    ],
    [sb.incompat("casefold"), "casefold: names are compared byte for byte here, case matters"],
    [sb.incompat("encrypt"), "encrypt: files and directories that are encrypted are refused"],
    [unknown.length > 0, `read although it uses ${unknown.join(", ")}, which only matters when writing`],
  ];
  return rules.filter(([applies]) => applies).map(([, text]) => text);
}

class Ext4 implements FileSystem {
  readonly type: string;
  readonly uuid: string | null;
  readonly label: string | null;
  readonly size: number;
  readonly free: number;
  readonly warnings: readonly string[];
  readonly root = EXT4_ROOT_INO;
  readonly #volume: Volume;
  readonly #table: InodeTable;

  constructor(volume: Volume, table: InodeTable, free: number, warnings: readonly string[]) {
    const { sb } = volume;
    this.#volume = volume;
    this.#table = table;
    this.type = typeName(sb);
    this.uuid = sb.uuid.every((byte) => byte === 0) ? null : sb.raw.s_uuid_text;
    this.label = sb.raw.s_volume_name || null;
    this.size = sb.blocksCount * sb.blockSize;
    this.free = free;
    this.warnings = warnings;
  }

  stat(number: number): Eventual<FileStat> {
    return whenHere(this.#inode(number), (inode) => inode.stat(inode.type as FileType));
  }

  async *entries(directory: number): AsyncGenerator<readonly DirectoryEntry[]> {
    const all = new Directory(this.#volume, await this.#inode(directory));
    let logical = 0;
    do {
      const { entries, blocks } = await all.batch(logical);
      if (entries.length > 0) yield entries;
      logical += blocks;
    } while (logical < all.count);
  }

  async lookup(directory: number, name: Uint8Array): Promise<number | null> {
    return new Directory(this.#volume, await this.#inode(directory)).lookup(name);
  }

  readLink(number: number): Eventual<Uint8Array> {
    return whenHere(this.#inode(number), (inode) => readSymlink(this.#volume, inode));
  }

  open(number: number): Eventual<ByteSource> {
    return whenHere(this.#inode(number), (inode) => this.#content(inode));
  }

  #content(inode: Inode): ByteSource {
    if (inode.type === "file") return openContent(this.#volume, inode);
    throw this.#volume.fault("E_EXT4_NOT_FILE", {
      thing: `inode ${inode.number} as a file`,
      what: `it is a ${inode.type}`,
      offset: inode.offset,
      help: "Name a regular file.",
    });
  }

  xattrs(number: number): Eventual<ReadonlyMap<string, Uint8Array>> {
    return whenHere(this.#inode(number), (inode) => readXattrs(this.#volume, this.#table, inode));
  }

  /** An inode that a name may lead to. */
  #inode(number: number): Eventual<Inode> {
    return whenHere(this.#table.get(number), (inode) => this.#named(inode));
  }

  #named(inode: Inode): Inode {
    if (!inode.has("ea_inode")) return inode;
    throw this.#volume.fault("E_EXT4_INODE", {
      thing: `inode ${inode.number}`,
      what: "it holds an extended attribute of another inode, yet a name leads to it",
      offset: inode.offset,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}
