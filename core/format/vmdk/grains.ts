import type { ByteSource } from "../../source/source.ts";
import { continues, parentRun, type Run, type RunMap, withoutHead, zeroRun } from "../run.ts";
import type { Packed } from "../run-parts.ts";
import { type Slice, TableSlices } from "../table-slices.ts";
import { checkRange, damaged } from "./fault.ts";
import { ENTRY, grainMarker, SECTOR, ZERO_GRAIN } from "./layout.ts";
import type { SparseExtent } from "./sparse.ts";

/** Where the bytes of a sparse extent are: a directory of tables of grains, read slice by slice when asked for. */
export class GrainMap implements RunMap {
  readonly #source: ByteSource;
  readonly #extent: SparseExtent;
  /** Disk bytes that one grain table maps. */
  readonly #span: number;
  /** Bytes that a grain takes in the file at most; 0 where grains are plain. */
  readonly #stored: number;
  readonly #directory: TableSlices;
  readonly #tables: TableSlices;

  constructor(source: ByteSource, extent: SparseExtent) {
    this.#source = source;
    this.#extent = extent;
    this.#span = extent.perTable * extent.grainSize;
    this.#stored = extent.isCompressed ? storedAtMost(extent.grainSize) : 0;
    this.#directory = new TableSlices(source);
    this.#tables = new TableSlices(source, extent.perTable * ENTRY);
  }

  /** A run within one grain table, or within a slice of the directory that maps nothing. */
  piece(offset: number, length: number, signal?: AbortSignal): Run | Promise<Run> {
    const { directory } = this.#extent;
    const at = Math.floor(offset / this.#span) * ENTRY;
    const slice = this.#directory.get(directory.offset, directory.entries * ENTRY, at, signal);
    if (slice instanceof Promise) return slice.then((found) => this.#inTable(found, offset, length, signal));
    return this.#inTable(slice, offset, length, signal);
  }

  #inTable(directory: Slice, offset: number, length: number, signal: AbortSignal | undefined): Run | Promise<Run> {
    const number = Math.floor(offset / this.#span);
    const table = this.#tableOffset(directory, number) ?? 0;
    if (table === 0) return parentRun(this.#unmapped(directory, number, offset + length) - offset);
    const bytes = this.#extent.perTable * ENTRY;
    const place = this.#extent.directory.offset + number * ENTRY;
    checkRange(this.#source, "TABLE_BOUNDS", "grain table", { offset: table, length: bytes, alignment: 1, at: place });
    const slice = this.#tables.get(table, bytes, 0, signal);
    if (slice instanceof Promise) return slice.then((found) => this.#scan(found, offset, length));
    return this.#scan(slice, offset, length);
  }

  /** Bytes into the file; 0 where there is no such table, null behind the slice's end. */
  #tableOffset({ view, place }: Slice, number: number): number | null {
    const at = this.#extent.directory.offset + number * ENTRY - place;
    return at + ENTRY <= view.byteLength ? view.getUint32(at, true) * SECTOR : null;
  }

  /** The offset up to which no grain table is there; it need not look past `end`. */
  #unmapped(directory: Slice, number: number, end: number): number {
    let next = number + 1;
    while (next * this.#span < end && this.#tableOffset(directory, next) === 0) next++;
    return next * this.#span;
  }

  /** The first run from `offset` on, with whatever continues it in this table. */
  #scan({ view, place }: Slice, offset: number, length: number): Run {
    const { grainSize, perTable } = this.#extent;
    const first = Math.floor(offset / grainSize) % perTable;
    let run = withoutHead(this.#grain(view, first, place), offset % grainSize);
    for (let entry = first + 1; entry < perTable && run.length < length; entry++) {
      const next = this.#grain(view, entry, place);
      if (!continues(run, next)) break;
      run = { ...run, length: run.length + next.length };
    }
    return run;
  }

  #grain(view: DataView, entry: number, place: number): Run {
    const { grainSize, hasZeroGrains } = this.#extent;
    const sector = view.getUint32(entry * ENTRY, true);
    if (sector === 0) return parentRun(grainSize);
    if (sector === ZERO_GRAIN && hasZeroGrains) return zeroRun(grainSize);
    const host = sector * SECTOR;
    if (this.#stored === 0) return { kind: "data", length: grainSize, host, stored: 0 };
    if (host + grainMarker.size > this.#source.size) {
      const what = `a compressed grain at 0x${host.toString(16)} is past the file's end (${this.#source.size})`;
      throw damaged(this.#source, "DATA_BOUNDS", place + entry * ENTRY, what);
    }
    return { kind: "compressed", length: grainSize, host, stored: Math.min(this.#stored, this.#source.size - host) };
  }
}

/** What deflate makes of bytes that it cannot make fewer, with room for one that does it badly; and the marker. */
const storedAtMost = (grainSize: number): number => grainMarker.size + grainSize + (grainSize >> 6) + SECTOR;

/** How the compressed grains of an extent are made plain. `decompress` is the platform's, with a checksum behind. */
export function packedGrains(
  source: ByteSource,
  { grainSize, hasMarkers, capacity }: SparseExtent,
  decompress: (packed: Uint8Array, size: number) => Promise<Uint8Array>,
): Packed {
  // The last grain may hold no more than the disk has left, as QEMU's does.
  const plain = async (packed: Uint8Array, offset: number) => {
    const left = capacity - offset;
    if (left >= grainSize) return decompress(packed, grainSize);
    return decompress(packed, grainSize).catch(async () => {
      const whole = new Uint8Array(grainSize);
      whole.set(await decompress(packed, left));
      return whole;
    });
  };
  const inflate: Packed["inflate"] = async (bytes, { host }, offset) => {
    if (!hasMarkers) return plain(bytes, offset);
    const { lba, size } = grainMarker.decode(bytes);
    if (lba * SECTOR !== offset) {
      const what = `the grain at 0x${host.toString(16)} says that it is sector ${lba}, and ${offset / SECTOR} was asked for`;
      throw damaged(source, "GRAIN", host, what);
    }
    const end = grainMarker.size + size;
    if (size === 0 || size > 2 * grainSize || host + end > source.size) {
      throw damaged(source, "GRAIN", host, `a grain of ${grainSize} bytes is said to take ${size}`);
    }
    const whole = end <= bytes.length ? bytes : await source.read(host, end);
    return plain(whole.subarray(grainMarker.size, end), offset);
  };
  return { unit: grainSize, inflate };
}
