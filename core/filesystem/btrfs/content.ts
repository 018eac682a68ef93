import { type ByteSource, checkBounds, type Extent } from "../../source/source.ts";
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
    signal?.throwIfAborted();
    checkBounds(this, offset, length);
    if (length === 0) return new Uint8Array(0);
    const first = await this.#find(offset);
    if (first.end >= offset + length) return this.#readOf(first, offset, length, signal);
    const result = new Uint8Array(length);
    await this.readInto(offset, result, signal);
    return result;
  }

  async readInto(offset: number, target: Uint8Array, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    checkBounds(this, offset, target.length);
    for (let done = 0; done < target.length; ) {
      const found = this.#find(offset + done);
      const extent = found instanceof Promise ? await found : found;
      const part = target.subarray(done, done + extent.end - offset - done);
      await this.#fill(extent, offset + done, part, signal);
      done += part.length;
    }
  }

  async #fill(extent: FileExtent, offset: number, part: Uint8Array, signal?: AbortSignal): Promise<void> {
    const { at, compression, start } = extent;
    if (at.kind === "zeros") part.fill(0);
    else if (at.kind === "stored" && compression === "none") {
      await this.#parts.data.readInto(at.address + at.skip + offset - start, part, this.#parts.unsummed, signal);
    } else part.set(await this.#readOf(extent, offset, part.length, signal));
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

  /** The extent that holds byte `offset`, or the hole. */
  #find(offset: number): FileExtent | Promise<FileExtent> {
    const recent = this.#recent;
    if (recent && offset >= recent.start && offset < recent.end) return recent;
    const found = this.#parts.items.floor(key(this.#parts.inode, KEY_TYPE.extent_data, offset));
    return found instanceof Promise ? found.then((floor) => this.#take(floor, offset)) : this.#take(found, offset);
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

  async #readOf(extent: FileExtent, offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
    const { at, compression, start } = extent;
    if (at.kind === "zeros") return new Uint8Array(length);
    const from = offset - start;
    if (compression !== "none") {
      const { bytes } = await this.#unpack(extent, signal);
      const begin = from + (at.kind === "stored" ? at.skip : 0);
      return bytes.slice(begin, begin + length);
    }
    if (at.kind === "inline") return at.bytes.slice(from, from + length);
    return this.#parts.data.read(at.address + at.skip + from, length, this.#parts.unsummed, signal);
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
