import { Lru } from "../../kit/lru.ts";
import { hex } from "../fault.ts";
import { Groups } from "./groups.ts";
import { Inode } from "./inode.ts";
import { EXT4_ROOT_INO, GOOD_OLD_INODE_SIZE, INODE } from "./layout.ts";
import type { Volume } from "./volume.ts";

/** Bytes of inode table read at once: neighbours in the table are neighbours in the tree. */
const CHUNK = 64 << 10;
/** Chunks kept: 8 MiB. */
const CHUNKS = 128;

const TIMES = [INODE.i_mtime_extra, INODE.i_atime_extra, INODE.i_ctime_extra, INODE.i_crtime_extra];

interface Chunk {
  readonly view: DataView;
  /** Bytes from the file system's start. */
  readonly offset: number;
  /** One byte an inode: 1 once it was verified. */
  readonly verified: Uint8Array;
}

/** Inodes by number, verified once for as long as their part of the table stays in memory. */
export class InodeTable {
  readonly groups: Groups;
  readonly #volume: Volume;
  readonly #chunks = new Lru<number, Chunk>(CHUNKS);
  readonly #loading = new Map<number, Promise<Chunk>>();
  readonly #perChunk: number;
  readonly #chunksPerGroup: number;

  constructor(volume: Volume) {
    const { inodesPerGroup, inodeSize } = volume.sb;
    this.#volume = volume;
    this.groups = new Groups(volume);
    this.#perChunk = Math.min(inodesPerGroup, CHUNK / inodeSize);
    this.#chunksPerGroup = Math.ceil(inodesPerGroup / this.#perChunk);
  }

  /**
   * An inode that is in use. Throws `E_EXT4_INODE_NUMBER`, `E_EXT4_CHECKSUM`, `E_EXT4_INODE`, and `E_EXT4_INODE_FREE`
   * for one without links.
   */
  get(number: number): Inode | Promise<Inode> {
    const { inodesCount, inodesPerGroup } = this.#volume.sb;
    if (number < 1 || number > inodesCount || !Number.isInteger(number)) throw this.#outOfRange(number);
    const index = (number - 1) % inodesPerGroup;
    const group = (number - 1 - index) / inodesPerGroup;
    const within = index % this.#perChunk;
    const key = group * this.#chunksPerGroup + (index - within) / this.#perChunk;
    const chunk = this.#chunks.get(key);
    return chunk ? this.#pick(chunk, within, number) : this.#fetch(key, within, number);
  }

  async #fetch(key: number, within: number, number: number): Promise<Inode> {
    const loading = this.#loading.get(key) ?? this.#load(key).finally(() => this.#loading.delete(key));
    this.#loading.set(key, loading);
    return this.#pick(await loading, within, number);
  }

  async #load(key: number): Promise<Chunk> {
    const { sb, source } = this.#volume;
    const part = key % this.#chunksPerGroup;
    const { inodeTable } = await this.groups.get((key - part) / this.#chunksPerGroup);
    const count = Math.min(this.#perChunk, sb.inodesPerGroup - part * this.#perChunk);
    const offset = inodeTable * sb.blockSize + part * this.#perChunk * sb.inodeSize;
    const bytes = await source.read(offset, count * sb.inodeSize);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const chunk = { view, offset, verified: new Uint8Array(count) };
    this.#chunks.set(key, chunk);
    return chunk;
  }

  #pick(chunk: Chunk, within: number, number: number): Inode {
    const { sb } = this.#volume;
    const at = within * sb.inodeSize;
    const inode = new Inode(number, chunk.view, at, chunk.offset + at, sb);
    if (chunk.verified[within] === 1) return inode;
    this.#verify(inode);
    chunk.verified[within] = 1;
    return inode;
  }

  #verify(inode: Inode): void {
    const { sb } = this.#volume;
    const extra = inode.extraSize;
    if (extra % 4 !== 0 || GOOD_OLD_INODE_SIZE + extra > sb.inodeSize) {
      throw this.#bad(inode, "E_EXT4_INODE", `its extra fields take ${extra} bytes`);
    }
    if (sb.checksums) this.#verifyChecksum(inode);
    if (inode.links === 0) throw this.#bad(inode, "E_EXT4_INODE_FREE", "it is not in use, yet a name leads to it");
    if (!inode.type) throw this.#bad(inode, "E_EXT4_INODE", `its mode is ${hex(inode.u16(INODE.i_mode))}`);
    this.#verifyTimes(inode);
    if (!Number.isSafeInteger(inode.size)) throw this.#bad(inode, "E_EXT4_INODE", "its size is past 2^53");
    if (inode.number === EXT4_ROOT_INO && inode.type !== "directory") {
      throw this.#bad(inode, "E_EXT4_INODE", "it is the root and no directory");
    }
  }

  #verifyChecksum(inode: Inode): void {
    const { stored, computed } = inode.checksum();
    if (stored === computed) return;
    throw this.#bad(inode, "E_EXT4_CHECKSUM", `its checksum is ${hex(stored)} and its content's ${hex(computed)}`);
  }

  #verifyTimes(inode: Inode): void {
    for (const extra of TIMES) {
      const wrong = inode.nanoseconds(extra);
      if (wrong >= 1e9) throw this.#bad(inode, "E_EXT4_INODE", `one of its times has ${wrong} nanoseconds`);
    }
  }

  #bad(inode: Inode, code: string, what: string) {
    return this.#volume.fault(code, { thing: `inode ${inode.number}`, what, offset: inode.offset });
  }

  #outOfRange(number: number) {
    return this.#volume.fault("E_EXT4_INODE_NUMBER", {
      thing: `inode ${number}`,
      what: `the file system has inodes 1 to ${this.#volume.sb.inodesCount}`,
    });
  }
}
