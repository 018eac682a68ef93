import type { ByteSource } from "../source/source.ts";
import type { Faults } from "./fault.ts";
import { continues, parentRun, type Run, type RunMap, withoutHead } from "./run.ts";
import { SLICE, type Slice, TableSlices } from "./table-slices.ts";

/** A directory of tables of units of the disk, as VMDK's sparse extents and QED have. */
export interface TwoLevels {
  /** The file in which both stand. */
  readonly source: ByteSource;
  readonly faults: Faults;
  /** It lies within the file, and covers the disk. */
  readonly directory: { readonly offset: number; readonly entries: number };
  readonly entrySize: 4 | 8;
  /** Entries of one table. */
  readonly perTable: number;
  /** Disk bytes of one entry of a table. */
  readonly unit: number;
  /** What each table's offset is a multiple of. */
  readonly alignment: number;
  /** Bytes into the file of the table that the directory's entry at `at` of `view`, at `place` of it, names; 0 for none. */
  table(view: DataView, at: number, place: number): number;
  /** The run of a whole unit. @param at of its entry in `view`; `place` is its offset in the file */
  decode(view: DataView, at: number, place: number): Run;
}

/** The map that they are, read slice by slice when asked for. */
export function twoLevelMap(levels: TwoLevels): RunMap {
  return new TwoLevelMap(levels);
}

class TwoLevelMap implements RunMap {
  readonly #levels: TwoLevels;
  /** Disk bytes that one table maps. */
  readonly #span: number;
  readonly #directory: TableSlices;
  readonly #tables: TableSlices;

  constructor(levels: TwoLevels) {
    this.#levels = levels;
    this.#span = levels.perTable * levels.unit;
    this.#directory = new TableSlices(levels.source);
    this.#tables = new TableSlices(levels.source, Math.min(SLICE, levels.perTable * levels.entrySize));
  }

  /** A run within one slice of a table, or within a slice of the directory that maps nothing. */
  piece(offset: number, length: number, signal?: AbortSignal): Run | Promise<Run> {
    const { directory, entrySize } = this.#levels;
    const at = Math.floor(offset / this.#span) * entrySize;
    const slice = this.#directory.get(directory.offset, directory.entries * entrySize, at, signal);
    if (slice instanceof Promise) return slice.then((found) => this.#inTable(found, offset, length, signal));
    return this.#inTable(slice, offset, length, signal);
  }

  #inTable(directory: Slice, offset: number, length: number, signal: AbortSignal | undefined): Run | Promise<Run> {
    const { source, faults, entrySize, perTable, unit, alignment } = this.#levels;
    const number = Math.floor(offset / this.#span);
    const place = this.#placeOf(number);
    const table = this.#levels.table(directory.view, place - directory.place, place);
    if (table === 0) return parentRun(this.#unmapped(directory, number, offset + length) - offset);
    const bytes = perTable * entrySize;
    faults.checkRange(source, "TABLE_BOUNDS", "table", { offset: table, length: bytes, alignment, at: place });
    const entry = Math.floor(offset / unit) % perTable;
    const slice = this.#tables.get(table, bytes, entry * entrySize, signal);
    const scan = (found: Slice) => this.#scan(found, table + entry * entrySize, offset % unit, length);
    return slice instanceof Promise ? slice.then(scan) : scan(slice);
  }

  #placeOf(number: number): number {
    return this.#levels.directory.offset + number * this.#levels.entrySize;
  }

  /** The offset up to which no table is there, as far as the slice tells; it need not look past `end`. */
  #unmapped({ view, place }: Slice, number: number, end: number): number {
    let next = number + 1;
    for (; next * this.#span < end; next++) {
      const at = this.#placeOf(next) - place;
      if (at + this.#levels.entrySize > view.byteLength || this.#levels.table(view, at, place + at) !== 0) break;
    }
    return next * this.#span;
  }

  /** The first run from byte `within` of the unit whose entry is at `place` on, with whatever continues it in the slice. */
  #scan({ view, place: start }: Slice, place: number, within: number, length: number): Run {
    const { entrySize } = this.#levels;
    let run = withoutHead(this.#levels.decode(view, place - start, place), within);
    for (let at = place - start + entrySize; at < view.byteLength && run.length < length; at += entrySize) {
      const next = this.#levels.decode(view, at, start + at);
      if (!continues(run, next)) break;
      run = { ...run, length: run.length + next.length };
    }
    return run;
  }
}
