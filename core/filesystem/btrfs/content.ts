import { type Eventual, whenHere } from "../../kit/eventual.ts";
import {
  type ByteSource,
  checkBounds,
  type Extent,
  type Stored,
  unpackedFrom,
  zerosFrom,
} from "../../source/source.ts";
import type { DataReader } from "./data.ts";
import { decodeExtent, type FileExtent } from "./extent.ts";
import { key } from "./key.ts";
import { KEY_TYPE } from "./layout.ts";
import type { Floor, Items } from "./tree.ts";

/** What one file is read by. */
export interface FileParts {
  readonly data: DataReader;
  readonly items: Items;
  readonly inode: number;
  /** Bytes. */
  readonly size: number;
  /** Whether its data bears no checksums. */
  readonly unsummed: boolean;
}

/** The content of a file or link, as a source; at most one unpacked extent of it is kept in memory. */
export class FileContent implements ByteSource {
  readonly name: string;
  readonly size: number;
  readonly #parts: FileParts;
  #recent: FileExtent | null = null;
  #unpacked: { readonly of: FileExtent; readonly bytes: Uint8Array } | null = null;

  constructor(parts: FileParts) {
    this.#parts = parts;
    this.size = parts.size;
    this.name = `${parts.data.volume.name}: inode ${parts.inode}`;
  }

  async read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
    checkBounds(this, offset, length);
    const result = new Uint8Array(length);
    await this.readInto(offset, result, signal);
    return result;
  }

  readInto(offset: number, target: Uint8Array, signal?: AbortSignal): void | Promise<void> {
    signal?.throwIfAborted();
    checkBounds(this, offset, target.length);
    if (target.length === 0) return;
    const found = this.#find(offset);
    const isAll = !(found instanceof Promise) && found.end - offset >= target.length;
    if (!isAll) return this.#readExtents(found, offset, target, signal);
    return this.#fill(found, offset, target, signal);
  }

  /** From `first` on, which holds byte `offset`. */
  async #readExtents(
    first: Eventual<FileExtent>,
    offset: number,
    target: Uint8Array,
    signal?: AbortSignal,
  ): Promise<void> {
    let extent = await first;
    for (let done = 0; ; extent = await this.#find(offset + done)) {
      const part = target.subarray(done, done + extent.end - offset - done);
      await this.#fill(extent, offset + done, part, signal);
      done += part.length;
      if (done === target.length) return;
    }
  }

  /** `part` lies within the extent. */
  #fill(extent: FileExtent, offset: number, part: Uint8Array, signal?: AbortSignal): void | Promise<void> {
    const { at, compression, start } = extent;
    const from = offset - start;
    if (at.kind === "zeros") part.fill(0);
    else if (compression !== "none") return this.#fillUnpacked(extent, from, part, signal);
    else if (at.kind === "inline") part.set(at.bytes.subarray(from, from + part.length));
    else return this.#parts.data.readInto(at.address + at.skip + from, part, this.#parts.unsummed, signal);
  }

  async #fillUnpacked(extent: FileExtent, from: number, part: Uint8Array, signal?: AbortSignal): Promise<void> {
    const { bytes } = await this.#unpack(extent, signal);
    const begin = from + (extent.at.kind === "stored" ? extent.at.skip : 0);
    part.set(bytes.subarray(begin, begin + part.length));
  }

  async extent(offset: number, length: number, signal?: AbortSignal): Promise<Extent> {
    signal?.throwIfAborted();
    checkBounds(this, offset, length);
    const first = await this.#find(offset);
    const zero = first.at.kind === "zeros";
    let end = first.end;
    while (end < offset + length) {
      const next = await this.#find(end);
      if ((next.at.kind === "zeros") !== zero) break;
      end = next.end;
    }
    return { length: Math.min(end - offset, length), zero };
  }

  stored(offset: number, length: number): Eventual<Stored | null> {
    return whenHere(this.#find(offset), (extent) =>
      this.#storedExtent(extent, offset - extent.start, Math.min(length, extent.end - offset)),
    );
  }

  #storedExtent({ at, compression }: FileExtent, from: number, length: number): Eventual<Stored | null> {
    if (at.kind === "zeros") return zerosFrom(length);
    if (at.kind === "inline") return null;
    const { volume } = this.#parts.data;
    const inner = at.skip + from;
    if (compression === "none") return volume.stored(at.address + inner, length);
    return whenHere(volume.stored(at.address, at.length), (found) =>
      found?.length === at.length ? unpackedFrom(found, `${compression} to ${at.plain}`, inner, length) : null,
    );
  }

  /** The extent that holds byte `offset`, or the hole. */
  #find(offset: number): Eventual<FileExtent> {
    const recent = this.#recent;
    if (recent && offset >= recent.start && offset < recent.end) return recent;
    const found = this.#parts.items.floor(key(this.#parts.inode, KEY_TYPE.extent_data, offset));
    return whenHere(found, (floor) => this.#take(floor, offset));
  }

  #take({ item, next }: Floor, offset: number): FileExtent {
    const { inode, data } = this.#parts;
    const isOwn = item?.objectid === inode && item.type === KEY_TYPE.extent_data;
    const extent = isOwn ? decodeExtent(data.volume, item) : null;
    const follows =
      next?.objectid === inode && next.type === KEY_TYPE.extent_data && next.offset >= 0 ? next.offset : this.size;
    if (extent && follows < extent.end && follows < this.size) {
      throw data.volume.fault("E_BTRFS_EXTENT", {
        thing: `inode ${inode} at ${extent.start}`,
        what: `its extent goes to ${extent.end}, and the next one begins at ${follows}`,
        address: item?.address,
      });
    }
    if (extent && offset < extent.end) this.#recent = extent;
    else this.#recent = hole(offset, Math.max(follows, offset + 1));
    return this.#recent;
  }

  async #unpack(extent: FileExtent, signal?: AbortSignal): Promise<{ bytes: Uint8Array }> {
    if (this.#unpacked?.of === extent) return this.#unpacked;
    const { data, inode, unsummed } = this.#parts;
    const bytes = await data.unpack(extent, inode, unsummed, signal);
    this.#unpacked = { of: extent, bytes };
    return this.#unpacked;
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

function hole(start: number, end: number): FileExtent {
  return { start, end, compression: "none", at: { kind: "zeros" } };
}
