import type { ByteSource } from "../../source/source.ts";
import { continues, parentRun, type Run, type RunMap } from "../run.ts";
import { SLICE, type Slice, TableSlices } from "../table-slices.ts";
import { decodeL1, decodeL2, type EntryRules } from "./entry.ts";
import { checkRange, damaged } from "./fault.ts";
import type { Header } from "./header.ts";
import { Limit } from "./layout.ts";

const L1_PER_SLICE = SLICE / 8;

/** Where the guest's bytes are: the two levels of tables, read slice by slice when asked for. */
export class ClusterMap implements RunMap {
  readonly #source: ByteSource;
  readonly #rules: EntryRules;
  readonly #l1: { readonly offset: number; readonly entries: number };
  readonly #clusterSize: number;
  readonly #entrySize: number;
  /** Entries of one L2 table. */
  readonly #perTable: number;
  /** Entries of one slice of it. */
  readonly #perSlice: number;
  readonly #l1Slices: TableSlices;
  readonly #l2Slices: TableSlices;

  constructor(source: ByteSource, header: Header, l1: { offset: number; entries: number }) {
    const { clusterSize, extendedL2 } = header;
    const slice = Math.min(clusterSize, SLICE);
    this.#source = source;
    this.#rules = { ...header, source };
    this.#l1 = l1;
    this.#clusterSize = clusterSize;
    this.#entrySize = extendedL2 ? 16 : 8;
    this.#perTable = clusterSize / this.#entrySize;
    this.#perSlice = slice / this.#entrySize;
    this.#l1Slices = new TableSlices(source);
    this.#l2Slices = new TableSlices(source, slice);
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

  /** A run within one L2 slice, or within the L1 entries that map nothing. */
  piece(offset: number, length: number, signal?: AbortSignal): Run | Promise<Run> {
    const table = Math.floor(offset / (this.#perTable * this.#clusterSize));
    const offsets = this.#l1Slices.get(this.#l1.offset, this.#l1.entries * 8, table * 8, signal);
    if (offsets instanceof Promise) return offsets.then((found) => this.#inTable(found, table, offset, length, signal));
    return this.#inTable(offsets, table, offset, length, signal);
  }

  #inTable(offsets: Slice, table: number, offset: number, length: number, signal: AbortSignal | undefined) {
    const place = this.#tableOffset(offsets, table);
    if (place === 0) return parentRun(this.#unmapped(offsets, table, offset + length) - offset);
    const range = { offset: place, length: this.#clusterSize, alignment: this.#clusterSize, at: this.#l1.offset };
    checkRange(this.#source, "L2_BOUNDS", "L2 table", range);
    const entry = Math.floor(offset / this.#clusterSize) % this.#perTable;
    const slice = this.#l2Slices.get(place, this.#clusterSize, entry * this.#entrySize, signal);
    const scan = (found: Slice) => this.#scan(found, entry % this.#perSlice, offset % this.#clusterSize, length);
    return slice instanceof Promise ? slice.then(scan) : scan(slice);
  }

  /** The first run of a slice from an entry on, with whatever continues it there. */
  #scan({ view, place }: Slice, first: number, within: number, length: number): Run {
    const size = this.#entrySize;
    const run = decodeL2(this.#rules, view, first * size, place + first * size, within);
    let total = run.length;
    if (run.kind === "compressed" || within + total < this.#clusterSize) return run;
    for (let entry = first + 1; entry < this.#perSlice && total < length; entry++) {
      const next = decodeL2(this.#rules, view, entry * size, place + entry * size, 0);
      if (!continues({ ...run, length: total }, next)) break;
      total += next.length;
      if (next.length < this.#clusterSize) break;
    }
    return { ...run, length: total };
  }

  #tableOffset({ view, place }: Slice, table: number): number {
    const at = this.#l1.offset + table * 8 - place;
    return decodeL1(this.#rules, view, at, place + at);
  }

  /** The guest offset up to which no L2 table is there, from `table` on; it need not look past `end`. */
  #unmapped(offsets: Slice, table: number, end: number): number {
    const span = this.#perTable * this.#clusterSize;
    let next = table + 1;
    while (next * span < end && next % L1_PER_SLICE !== 0 && this.#tableOffset(offsets, next) === 0) next++;
    return next * span;
  }
}
