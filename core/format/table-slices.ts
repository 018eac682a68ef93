import { Lru } from "../kit/lru.ts";
import type { ByteSource } from "../source/source.ts";

/** Bytes of a table that are read and kept at once. */
export const SLICE = 64 << 10;
/** Bytes of tables that are kept. */
const KEPT = 4 << 20;

/** Part of a table in memory; `place` is where it stands in the file. */
export interface Slice {
  readonly view: DataView;
  readonly place: number;
}

/** Tables of any length, read slice by slice when asked for. `bytes` of a slice: a multiple of the entries' size. */
export class TableSlices {
  readonly #source: ByteSource;
  readonly #bytes: number;
  readonly #kept: Lru<number, Slice>;

  constructor(source: ByteSource, bytes = SLICE) {
    this.#source = source;
    this.#bytes = bytes;
    this.#kept = new Lru(Math.ceil(KEPT / bytes));
  }

  /** The slice that holds byte `at` of the table of `length` bytes at `offset`, which the caller has bounded. */
  get(offset: number, length: number, at: number, signal?: AbortSignal): Slice | Promise<Slice> {
    const start = at - (at % this.#bytes);
    const bytes = Math.min(this.#bytes, length - start);
    const known = this.#kept.get(offset + start);
    return known && known.view.byteLength >= bytes ? known : this.#load(offset + start, bytes, signal);
  }

  async #load(place: number, length: number, signal: AbortSignal | undefined): Promise<Slice> {
    const bytes = await this.#source.read(place, length, signal);
    const slice = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), place };
    this.#kept.set(place, slice);
    return slice;
  }
}
