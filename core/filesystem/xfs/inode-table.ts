import { Lru } from "../../kit/lru.ts";
import { hex } from "../fault.ts";
import { checksumOf } from "./checksum.ts";
import { Inode } from "./inode.ts";
import { FORMAT, INODE, XFS_DINODE_MAGIC } from "./layout.ts";
import type { Piece, Volume } from "./volume.ts";
import { readWide } from "./wide.ts";

/** Bytes read at once: what the kernel allocates for 64 inodes of 512 bytes. */
const CHUNK = 32 << 10;
/** Chunks kept: 8 MiB. */
const CHUNKS = 256;
const FORMATS: readonly number[] = Object.values(FORMAT);

interface Chunk extends Piece {
  /** One byte an inode: 1 once it was verified. */
  readonly verified: Uint8Array;
}

/** Inodes by number, verified once for as long as the blocks around them stay in memory. */
export class InodeTable {
  readonly #volume: Volume;
  readonly #chunks = new Lru<number, Chunk>(CHUNKS);
  readonly #loading = new Map<number, Promise<Chunk>>();
  readonly #blocks: number;
  /** The last one given: a file is asked for its attributes and then for its content. */
  #recent: Inode | undefined;

  constructor(volume: Volume) {
    this.#volume = volume;
    this.#blocks = Math.max(1, CHUNK / volume.sb.blockSize);
  }

  /**
   * An inode that is in use. Throws `E_XFS_INODE_NUMBER`, `E_XFS_CHECKSUM`, `E_XFS_MISPLACED`, `E_XFS_INODE`, and
   * `E_XFS_INODE_FREE` for one that is not.
   */
  get(number: number): Inode | Promise<Inode> {
    if (this.#recent?.number === number) return this.#recent;
    const { inodesPerBlock, agBlocks } = this.#volume.sb;
    if (!this.#volume.holdsInode(number)) throw this.#outOfRange(number);
    const block = this.#volume.block(Math.floor(number / inodesPerBlock));
    const group = Math.floor(block / agBlocks);
    const start = block - ((block - group * agBlocks) % this.#blocks);
    const within = (block - start) * inodesPerBlock + (number % inodesPerBlock);
    const chunk = this.#chunks.get(start);
    return chunk ? this.#pick(chunk, within, number) : this.#fetch(start, group, within, number);
  }

  async #fetch(start: number, group: number, within: number, number: number): Promise<Inode> {
    const loading = this.#loading.get(start) ?? this.#load(start, group).finally(() => this.#loading.delete(start));
    this.#loading.set(start, loading);
    return this.#pick(await loading, within, number);
  }

  async #load(start: number, group: number): Promise<Chunk> {
    const { agBlocks, inodesPerBlock } = this.#volume.sb;
    const end = group * agBlocks + this.#volume.groupLength(group);
    const count = Math.min(this.#blocks, end - start);
    const chunk = { ...(await this.#volume.read(start, count)), verified: new Uint8Array(count * inodesPerBlock) };
    this.#chunks.set(start, chunk);
    return chunk;
  }

  #pick({ view, offset, verified }: Chunk, within: number, number: number): Inode {
    const { sb } = this.#volume;
    const at = within * sb.inodeSize;
    const own = new DataView(view.buffer, view.byteOffset + at, sb.inodeSize);
    const inode = new Inode(number, own, offset + at, sb);
    if (verified[within] !== 1) this.#verify(inode);
    verified[within] = 1;
    this.#recent = inode;
    return inode;
  }

  #verify(inode: Inode): void {
    const { sb } = this.#volume;
    const magic = inode.u16(INODE.di_magic);
    if (magic !== XFS_DINODE_MAGIC) throw this.#bad(inode, `its magic is ${hex(magic)}, not 0x494e`);
    const known = sb.v5 ? inode.version === 3 : inode.version === 1 || inode.version === 2;
    if (!known) throw this.#bad(inode, `its version is ${inode.version}`);
    if (sb.v5) this.#verifySelf(inode);
    if (inode.u16(INODE.di_mode) === 0 || inode.links === 0) {
      throw this.#bad(inode, "it is not in use, yet a name leads to it", "E_XFS_INODE_FREE");
    }
    if (!inode.type) throw this.#bad(inode, `its mode is ${hex(inode.u16(INODE.di_mode))}`);
    if (!Number.isSafeInteger(inode.size)) throw this.#bad(inode, "its size is past 2^53");
    this.#verifyForks(inode);
    this.#verifyTimes(inode);
    if (inode.number === sb.raw.sb_rootino && inode.type !== "directory") {
      throw this.#bad(inode, "it is the root and no directory");
    }
  }

  #verifySelf(inode: Inode): void {
    const { view } = inode;
    const stored = view.getUint32(INODE.di_crc, true);
    const computed = checksumOf(new Uint8Array(view.buffer, view.byteOffset, view.byteLength), INODE.di_crc);
    if (stored !== computed) {
      throw this.#bad(inode, `its checksum is ${hex(stored)} and its content's ${hex(computed)}`, "E_XFS_CHECKSUM");
    }
    const number = readWide(view, INODE.di_ino);
    if (number !== inode.number) throw this.#bad(inode, `inode ${number} stands in its place`, "E_XFS_MISPLACED");
    if (this.#volume.isOurs(view, INODE.di_uuid)) return;
    throw this.#bad(inode, "it belongs to another file system", "E_XFS_MISPLACED");
  }

  #verifyForks(inode: Inode): void {
    const { attributesAt } = inode;
    if (attributesAt >= this.#volume.sb.inodeSize) {
      throw this.#bad(inode, `its attributes begin at ${attributesAt} of ${this.#volume.sb.inodeSize} bytes`);
    }
    const { format } = inode;
    const special = inode.type !== "file" && inode.type !== "directory" && inode.type !== "symlink";
    const fits = special ? format === FORMAT.dev : format !== FORMAT.dev && FORMATS.includes(format);
    const inline = format === FORMAT.local && inode.type === "file";
    if (!fits || inline) throw this.#bad(inode, `a ${inode.type} whose data is kept in format ${format}`);
  }

  #verifyTimes(inode: Inode): void {
    if (inode.has("bigtime")) return;
    const { di_mtime, di_atime, di_ctime, di_crtime } = INODE;
    const fields = inode.version === 3 ? [di_mtime, di_atime, di_ctime, di_crtime] : [di_mtime, di_atime, di_ctime];
    const wrong = fields.map((field) => inode.time(field)).find((time) => time.nanoseconds >= 1e9);
    if (wrong) throw this.#bad(inode, `one of its times has ${wrong.nanoseconds} nanoseconds`);
  }

  #bad(inode: Inode, what: string, code = "E_XFS_INODE") {
    return this.#volume.fault(code, { thing: `inode ${inode.number}`, what, offset: inode.offset });
  }

  #outOfRange(number: number) {
    return this.#volume.fault("E_XFS_INODE_NUMBER", {
      thing: `inode ${number}`,
      what: "no inode of this file system can have that number",
    });
  }
}
