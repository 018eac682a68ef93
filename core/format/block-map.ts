import type { ByteSource } from "../source/source.ts";
import { continues, type Run, type RunMap, withoutHead } from "./run.ts";
import { type Slice, TableSlices } from "./table-slices.ts";

/** A block that is made of several runs: its bitmap, which `refine` reads, says which. */
export interface Mixed {
  readonly kind: "mixed";
  /** Of the block in the file. */
  readonly host: number;
}

/** One table with an entry for each block of the guest's disk, as VDI, VHD, VHDX and Parallels have. */
export interface BlockTable {
  /** The file in which the table stands. */
  readonly source: ByteSource;
  /** Of the table, which lies within the file. */
  readonly offset: number;
  readonly entries: number;
  readonly entrySize: 4 | 8;
  /** Guest bytes. */
  readonly blockSize: number;
  /** Which entry is that of a block; its own number where left out. */
  readonly entryOf?: (block: number) => number;
  /** The run of the whole block. @param at of the entry in `view`; `place` is its offset in the file */
  decode(view: DataView, at: number, place: number, block: number): Run | Mixed;
  /** The first run from byte `within` of a mixed block on. */
  refine?(mixed: Mixed, block: number, within: number, signal?: AbortSignal): Run | Promise<Run>;
}

/** The map that such a table is. */
export function blockMap(table: BlockTable): RunMap {
  const slices = new TableSlices(table.source);
  const entryOf = table.entryOf ?? ((block) => block);
  const scan = scanner(table, entryOf);
  return {
    piece: (offset, length, signal) => {
      const at = entryOf(Math.floor(offset / table.blockSize)) * table.entrySize;
      const slice = slices.get(table.offset, table.entries * table.entrySize, at, signal);
      return slice instanceof Promise
        ? slice.then((got) => scan(got, offset, length, signal))
        : scan(slice, offset, length, signal);
    },
  };
}

/** The first run of a slice from `offset` on, with whatever continues it there. */
function scanner(table: BlockTable, entryOf: (block: number) => number) {
  const { blockSize, entrySize, offset: start } = table;
  const decoded = ({ view, place }: Slice, block: number) => {
    const at = start + entryOf(block) * entrySize - place;
    return at + entrySize <= view.byteLength ? table.decode(view, at, place + at, block) : null;
  };
  return (slice: Slice, offset: number, length: number, signal: AbortSignal | undefined): Run | Promise<Run> => {
    const block = Math.floor(offset / blockSize);
    const within = offset % blockSize;
    const found = decoded(slice, block);
    if (!found) throw new RangeError(`block ${block} is not in its table's slice`);
    if (found.kind === "mixed") return refined(table, found, block, within, signal);
    let run = withoutHead(found, within);
    for (let next = block + 1; run.length < length; next++) {
      const more = decoded(slice, next);
      if (!more || more.kind === "mixed" || !continues(run, more)) break;
      run = { ...run, length: run.length + more.length };
    }
    return run;
  };
}

function refined(
  table: BlockTable,
  mixed: Mixed,
  block: number,
  within: number,
  signal: AbortSignal | undefined,
): Run | Promise<Run> {
  if (!table.refine) throw new RangeError(`block ${block} is mixed, and nothing tells its parts`);
  return table.refine(mixed, block, within, signal);
}
