import { crc32c, crc32cAround } from "../../kit/checksum.ts";
import { featureNames, hex } from "../fault.ts";
import type { BlockMap } from "../mapped.ts";
import type { Inode } from "./inode.ts";
import {
  DEFAULT_FC_BLOCKS,
  JBD2,
  JBD2_COMPAT,
  JBD2_INCOMPAT,
  JBD2_MAGIC,
  journalSuperblock,
  MIN_JOURNAL_BLOCKS,
} from "./journal-layout.ts";
import type { Volume } from "./volume.ts";

type Raw = ReturnType<typeof journalSuperblock.decode>;

/** A journal opened for recovery: its superblock, checked, and its blocks by their place in the log. */
export class JournalLog {
  readonly raw: Raw;
  readonly checksums: boolean;
  readonly v3: boolean;
  readonly wide: boolean;
  readonly asyncCommit: boolean;
  readonly fastCommit: boolean;
  readonly seed: number;
  /** The log takes blocks [first, last). */
  readonly first: number;
  readonly last: number;
  readonly volume: Volume;
  readonly #inode: Inode;
  readonly #map: BlockMap;

  private constructor(volume: Volume, inode: Inode, map: BlockMap, raw: Raw) {
    this.volume = volume;
    this.#inode = inode;
    this.#map = map;
    this.raw = raw;
    const has = (feature: keyof typeof JBD2_INCOMPAT) =>
      this.#v2 && (raw.s_feature_incompat & JBD2_INCOMPAT[feature]) !== 0;
    this.v3 = has("csum_v3");
    this.checksums = this.v3 || has("csum_v2");
    this.wide = has("64bit");
    this.asyncCommit = has("async_commit");
    this.fastCommit = has("fast_commit");
    this.seed = crc32c(0xffffffff, raw.s_uuid);
    this.first = raw.s_first;
    this.last = raw.s_maxlen - this.#fastBlocks();
  }

  get #v2(): boolean {
    return this.raw.h_blocktype === JBD2.superblockV2;
  }

  #fastBlocks(): number {
    if (!this.fastCommit) return 0;
    const blocks = this.raw.s_num_fc_blks || DEFAULT_FC_BLOCKS;
    return this.raw.s_maxlen - blocks >= MIN_JOURNAL_BLOCKS ? blocks : 0;
  }

  /** Throws `E_EXT4_JOURNAL`, `E_EXT4_JOURNAL_FEATURE`, `E_EXT4_CHECKSUM`. */
  static async open(volume: Volume, inode: Inode, map: BlockMap): Promise<JournalLog> {
    const first = await map.find(0);
    const offset = first.block * volume.sb.blockSize;
    const bad = (what: string, code = "E_EXT4_JOURNAL") =>
      volume.fault(code, { thing: "the journal's superblock", what, offset: Math.max(offset, 0) });
    if (first.block < 0) throw bad("it is a hole");
    const bytes = await volume.block(first.block);
    const raw = journalSuperblock.decode(bytes.slice());
    const log = new JournalLog(volume, inode, map, raw);
    const wrong = log.#fault(bytes);
    if (wrong) throw bad(...wrong);
    return log;
  }

  /** What is wrong with the superblock, and the code for it where it is not the usual one. */
  #fault(bytes: Uint8Array): [string, string?] | null {
    const { raw, volume } = this;
    const { blockSize } = volume.sb;
    if (raw.h_magic !== JBD2_MAGIC) return [`its magic is ${hex(raw.h_magic)}, not 0xc03b3998`];
    if (raw.h_blocktype !== JBD2.superblockV1 && !this.#v2) return [`its type is ${raw.h_blocktype}`];
    const unknown = this.#v2 ? this.#unknown() : [];
    if (unknown.length > 0) return [`it uses ${unknown.join(", ")}, which is not read`, "E_EXT4_JOURNAL_FEATURE"];
    if (raw.s_blocksize !== blockSize) return [`its blocks have ${raw.s_blocksize} bytes`];
    if (raw.s_maxlen * blockSize > this.#inode.size) return [`${raw.s_maxlen} blocks do not fit in its inode`];
    if (this.first === 0 || this.first >= this.last) return [`its log begins at ${this.first} of ${this.last}`];
    if (raw.s_start !== 0 && (raw.s_start < this.first || raw.s_start >= this.last)) {
      return [`recovery is to begin at block ${raw.s_start}, outside its log`];
    }
    return this.checksums ? this.#checksumFault(bytes) : null;
  }

  #unknown(): string[] {
    const known = Object.values(JBD2_INCOMPAT).reduce<number>((all, bit) => all | bit, 0);
    return [
      ...featureNames((this.raw.s_feature_incompat & ~known) >>> 0, {}, "journal incompat"),
      ...featureNames(this.raw.s_feature_ro_compat, {}, "journal ro_compat"),
      ...(this.raw.s_feature_compat & JBD2_COMPAT.checksum && !this.checksums ? ["checksums of version 1"] : []),
    ];
  }

  #checksumFault(bytes: Uint8Array): [string, string] | null {
    const computed = crc32cAround(0xffffffff, bytes, { at: 0xfc, length: 4 }, 0, journalSuperblock.size);
    if (this.raw.s_checksum_type !== 4) return [`its checksum type is ${this.raw.s_checksum_type}`, "E_EXT4_JOURNAL"];
    if (computed === this.raw.s_checksum) return null;
    return [`its checksum is ${hex(this.raw.s_checksum)} and its content's ${hex(computed)}`, "E_EXT4_CHECKSUM"];
  }

  /** Byte offset in the file system of a block of the log. */
  async locate(position: number): Promise<number> {
    const run = await this.#map.find(position);
    if (run.block >= 0) return run.block * this.volume.sb.blockSize;
    throw this.volume.fault("E_EXT4_JOURNAL", {
      thing: "the journal",
      what: `its block ${position} is a hole`,
      offset: this.#inode.offset,
    });
  }

  async read(position: number): Promise<{ view: DataView; bytes: Uint8Array; offset: number }> {
    const offset = await this.locate(position);
    const bytes = await this.volume.source.read(offset, this.volume.sb.blockSize);
    return { bytes, offset, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
  }

  /** The position `count` blocks further, around the end. */
  after(position: number, count = 1): number {
    const next = position + count;
    return next >= this.last ? next - (this.last - this.first) : next;
  }
}
