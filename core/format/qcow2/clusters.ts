import { Lru } from "../../kit/lru.ts";
import type { ByteSource } from "../../source/source.ts";
import { decodeL1, decodeL2, type EntryRules, type Run } from "./entry.ts";
import { checkRange, damaged } from "./fault.ts";
import type { Header } from "./header.ts";
import { Limit } from "./layout.ts";

/** Bytes of a table that are read and kept at once. */
const SLICE = 64 << 10;
const L1_PER_SLICE = SLICE / 8;
/** Bytes of L2 tables, and as many of L1 tables, that are kept: the map of 32 GiB in clusters of 64 KiB. */
const KEPT = 4 << 20;

/** Part of a table in memory; `place` is where it stands in the file. */
interface Slice {
  readonly view: DataView;
  readonly place: number;
}

/** Where the guest's bytes are: the two levels of tables, read slice by slice when asked for. */
export class ClusterMap {
  readonly #source: ByteSource;
  readonly #rules: EntryRules;
  readonly #l1: { readonly offset: number; readonly entries: number };
  readonly #clusterSize: number;
  readonly #entrySize: number;
  /** Entries of one L2 table. */
  readonly #perTable: number;
  /** Entries of one slice of it. */
  readonly #perSlice: number;
  readonly #l1Slices: Lru<number, Slice>;
  readonly #l2Slices: Lru<number, Slice>;

  constructor(source: ByteSource, header: Header, l1: { offset: number; entries: number }) {
    const { clusterSize, extendedL2 } = header;
    this.#source = source;
    this.#rules = { ...header, source };
    this.#l1 = l1;
    this.#clusterSize = clusterSize;
    this.#entrySize = extendedL2 ? 16 : 8;
    this.#perTable = clusterSize / this.#entrySize;
    this.#perSlice = Math.min(clusterSize, SLICE) / this.#entrySize;
    this.#l1Slices = new Lru(KEPT / SLICE);
    this.#l2Slices = new Lru(KEPT / Math.min(clusterSize, SLICE));
  }

  /** Throws `E_QCOW2_L1_BOUNDS` unless the L1 table is whole and maps `size` bytes. */
  checkL1(size: number): void {
    const { offset, entries } = this.#l1;
    const length = entries * 8;
    if (length > Limit.maxL1Bytes) throw damaged(this.#source, "L1_BOUNDS", 36, `its L1 table has ${entries} entries`);
    checkRange(this.#source, "L1_BOUNDS", "L1 table", { offset, length, alignment: this.#clusterSize, at: 40 });
    const needed = Math.ceil(size / (this.#perTable * this.#clusterSize));
    if (entries >= needed) return;
    const what = `its L1 table has ${entries} entries, and ${size} bytes take ${needed}`;
    throw damaged(this.#source, "L1_BOUNDS", 36, what);
  }

  /**
   * The first run of one kind from `offset` on, `length` bytes long at most: data that is not adjacent in the file, and
   * each compressed cluster, is a run of its own.
   */
  async run(offset: number, length: number, signal?: AbortSignal): Promise<Run> {
    let run = await this.#piece(offset, length, signal);
    while (run.length < length && run.kind !== "compressed") {
      const next = await this.#piece(offset + run.length, length - run.length, signal);
      if (next.kind !== run.kind || (run.kind === "data" && next.host !== run.host + run.length)) break;
      run = { ...run, length: run.length + next.length };
    }
    return run.length <= length ? run : { ...run, length };
  }

  /** A run within one L2 slice, or within the L1 entries that map nothing. */
  async #piece(offset: number, length: number, signal: AbortSignal | undefined): Promise<Run> {
    const cluster = Math.floor(offset / this.#clusterSize);
    const index = Math.floor(cluster / this.#perSlice);
    let slice = this.#l2Slices.get(index);
    if (!slice) {
      const table = Math.floor(cluster / this.#perTable);
      const offsets = await this.#l1Slice(table, signal);
      const gap = this.#unmapped(offsets, table, offset + length);
      if (gap > offset) return { kind: "parent", length: gap - offset, host: 0, stored: 0 };
      slice = await this.#loadL2(this.#tableOffset(offsets, table), index, signal);
    }
    return this.#scan(slice, cluster % this.#perSlice, offset % this.#clusterSize, length);
  }

  /** The first run of a slice from an entry on, with whatever continues it there. */
  #scan({ view, place }: Slice, first: number, within: number, length: number): Run {
    const size = this.#entrySize;
    const run = decodeL2(this.#rules, view, first * size, place + first * size, within);
    let total = run.length;
    if (run.kind === "compressed" || within + total < this.#clusterSize) return run;
    for (let entry = first + 1; entry < this.#perSlice && total < length; entry++) {
      const next = decodeL2(this.#rules, view, entry * size, place + entry * size, 0);
      if (next.kind !== run.kind || (run.kind === "data" && next.host !== run.host + total)) break;
      total += next.length;
      if (next.length < this.#clusterSize) break;
    }
    return { ...run, length: total };
  }

  async #l1Slice(table: number, signal: AbortSignal | undefined): Promise<Slice> {
    const index = Math.floor(table / L1_PER_SLICE);
    const known = this.#l1Slices.get(index);
    if (known) return known;
    const start = index * SLICE;
    const slice = await this.#read(this.#l1.offset + start, Math.min(SLICE, this.#l1.entries * 8 - start), signal);
    this.#l1Slices.set(index, slice);
    return slice;
  }

  #tableOffset(offsets: Slice, table: number): number {
    const at = (table % L1_PER_SLICE) * 8;
    return decodeL1(this.#rules, offsets.view, at, offsets.place + at);
  }

  /** The guest offset up to which no L2 table is there, from `table` on; it need not look past `end`. */
  #unmapped(offsets: Slice, table: number, end: number): number {
    const span = this.#perTable * this.#clusterSize;
    let next = table;
    do {
      if (this.#tableOffset(offsets, next) !== 0) break;
      next++;
    } while (next * span < end && next % L1_PER_SLICE !== 0);
    return next * span;
  }

  async #loadL2(table: number, index: number, signal: AbortSignal | undefined): Promise<Slice> {
    const range = { offset: table, length: this.#clusterSize, alignment: this.#clusterSize, at: this.#l1.offset };
    checkRange(this.#source, "L2_BOUNDS", "L2 table", range);
    const length = this.#perSlice * this.#entrySize;
    const start = ((index * this.#perSlice) % this.#perTable) * this.#entrySize;
    const slice = await this.#read(table + start, length, signal);
    this.#l2Slices.set(index, slice);
    return slice;
  }

  async #read(place: number, length: number, signal: AbortSignal | undefined): Promise<Slice> {
    const bytes = await this.#source.read(place, length, signal);
    return { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), place };
  }
}
