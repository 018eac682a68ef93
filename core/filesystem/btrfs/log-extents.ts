import type { EditedTree } from "./edited.ts";
import { key, TOP, writeId } from "./key.ts";
import { EXTENT_TYPE, FILE_EXTENT, INODE, KEY_TYPE } from "./layout.ts";
import type { Item } from "./node.ts";
import type { Volume } from "./volume.ts";

/** Above every offset of a file. */
const END = Number.MAX_SAFE_INTEGER;

/** Parts of files while a log is replayed: each of the log's takes the place of what was there. */
export class LogExtents {
  readonly #volume: Volume;
  readonly #items: EditedTree;

  constructor(volume: Volume, items: EditedTree) {
    this.#volume = volume;
    this.#items = items;
  }

  /** Drops what lies past the file's end, as its inode has it now. */
  async truncate(inode: Item): Promise<void> {
    const { sectorsize } = this.#volume.sb.raw;
    const size = inode.u64(INODE.size);
    if (size < 0 || size > END - sectorsize) throw this.#bad(inode, `its size is ${size}`);
    await this.#drop(inode.objectid, Math.ceil(size / sectorsize) * sectorsize, END);
  }

  /** Lays an extent of the log over the file. */
  async replay(logged: Item): Promise<void> {
    const { sectorsize } = this.#volume.sb.raw;
    const { type, end } = this.#bounds(logged);
    const isInline = type === EXTENT_TYPE.inline;
    await this.#drop(logged.objectid, logged.offset, isInline ? Math.ceil(end / sectorsize) * sectorsize : end);
    const isHole = !isInline && logged.u64(FILE_EXTENT.disk_bytenr) === 0;
    if (isHole && this.#volume.sb.has("no_holes")) return;
    this.#items.set(logged.key, logged.bytes(0, logged.size), logged.address);
  }

  /** What lies in `[start, end)` of a file goes; extents that reach out of it are cut (`btrfs_drop_extents`). */
  async #drop(inode: number, start: number, end: number): Promise<void> {
    const type = KEY_TYPE.extent_data;
    const { item } = await this.#items.floor(key(inode, type, start));
    const isOwn = item?.objectid === inode && item.type === type;
    const first = key(inode, type, isOwn ? item.offset : start);
    const touched: Item[] = [];
    for await (const batch of this.#items.range(first, key(inode, type, end === END ? TOP : end - 1)))
      touched.push(...batch);
    for (const each of touched) this.#cut(each, start, end);
  }

  #cut(item: Item, start: number, end: number): void {
    const { type, start: from, end: to } = this.#bounds(item);
    if (to <= start && to > from) return;
    const isInside = start <= from && end >= to;
    if (type === EXTENT_TYPE.inline && !isInside) throw this.#bad(item, "a part of its inline extent is to go");
    if (start <= from) this.#items.remove(item.key);
    else this.#part(item, from, from, start);
    if (end < to) this.#part(item, from, end, to);
  }

  /** `[start, end)` of an extent that began at `from`. */
  #part(item: Item, from: number, start: number, end: number): void {
    const bytes = item.bytes(0, item.size).slice();
    const view = new DataView(bytes.buffer);
    const isHole = item.u64(FILE_EXTENT.disk_bytenr) === 0;
    if (!isHole) writeId(view, FILE_EXTENT.offset, item.u64(FILE_EXTENT.offset) + start - from);
    writeId(view, FILE_EXTENT.num_bytes, end - start);
    this.#items.set(key(item.objectid, item.type, start), bytes, item.address);
  }

  #bounds(item: Item): { type: number; start: number; end: number } {
    const start = item.offset;
    if (item.size < FILE_EXTENT.disk_bytenr) throw this.#bad(item, `its extent at ${start} has ${item.size} bytes`);
    const type = item.u8(FILE_EXTENT.type);
    const isInline = type === EXTENT_TYPE.inline;
    if (!isInline && item.size < FILE_EXTENT.num_bytes + 8) throw this.#bad(item, `its extent has ${item.size} bytes`);
    const length = item.u64(isInline ? FILE_EXTENT.ram_bytes : FILE_EXTENT.num_bytes);
    const end = start + length;
    if (start < 0 || length < 0 || end > END - 0x1_0000) throw this.#bad(item, `its extent at ${start} is impossible`);
    return { type, start, end };
  }

  #bad(item: Item, what: string) {
    return this.#volume.fault("E_BTRFS_LOG", {
      thing: `inode ${item.objectid} in the log`,
      what,
      address: item.address,
    });
  }
}
