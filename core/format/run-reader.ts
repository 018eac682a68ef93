import type { GuestkitError } from "../kit/errors.ts";
import { type Eventual, whenHere } from "../kit/eventual.ts";
import { Lru } from "../kit/lru.ts";
import {
  type ByteSource,
  checkBounds,
  type Extent,
  filling,
  readInto,
  type Stored,
  unpackedFrom,
  zerosFrom,
} from "../source/source.ts";
import type { Faults } from "./fault.ts";
import { unpackRuns } from "./packed-runs.ts";
import { continues, type Run } from "./run.ts";
import type { Placed, RunParts } from "./run-parts.ts";

/** Bytes of plain units that are kept: readers come back for the next block of the same one. */
const KEPT = 4 << 20;
/** Runs, and guest bytes, that are read at the same time. */
const BATCH = { runs: 64, bytes: 8 << 20 };
/** Pieces that are put together into one extent, so that asking about a large disk returns in good time. */
const MERGED = 4096;

export type RunSource = Required<Pick<ByteSource, "read" | "readInto" | "extent">> & Pick<ByteSource, "stored">;

/** The guest's bytes, put together from the runs of a map. */
export function runReader(parts: RunParts): RunSource {
  const reader = new RunReader(parts);
  return {
    ...filling(parts, (offset, target, signal) => reader.readInto(offset, target, signal)),
    extent: (offset, length, signal) => reader.extent(offset, length, signal),
    stored: (offset, length) => reader.stored(offset, length),
  };
}

class RunReader {
  readonly #parts: RunParts;
  readonly #plain: Lru<number, Uint8Array>;

  constructor(parts: RunParts) {
    this.#parts = parts;
    this.#plain = new Lru(Math.max(2, Math.floor(KEPT / (parts.packed?.unit ?? KEPT))));
  }

  readInto(offset: number, target: Uint8Array, signal?: AbortSignal): void | Promise<void> {
    signal?.throwIfAborted();
    checkBounds(this.#parts, offset, target.length);
    if (target.length === 0) return;
    return whenHere(this.#parts.map.piece(offset, target.length, signal), (run) => {
      const isAll = run.length >= target.length && run.kind !== "compressed";
      if (isAll) return this.#plainRun({ ...run, length: target.length }, offset, target, signal);
      return this.#readBatches(offset, target, signal);
    });
  }

  async #readBatches(offset: number, target: Uint8Array, signal: AbortSignal | undefined): Promise<void> {
    for (let at = 0; at < target.length; ) {
      const batch = await this.#batch(offset, at, target.length, signal);
      await this.#fill(batch, offset, target, signal);
      const last = batch.at(-1) as Placed;
      at = last.at + last.run.length;
    }
  }

  /** The runs that are read at the same time, from byte `from` of `length` on. */
  async #batch(offset: number, from: number, length: number, signal: AbortSignal | undefined): Promise<Placed[]> {
    const batch: Placed[] = [];
    const end = Math.min(length, from + BATCH.bytes);
    for (let at = from; at < end && batch.length < BATCH.runs; ) {
      const run = await this.#run(offset + at, length - at, signal);
      batch.push({ run, at });
      at += run.length;
    }
    return batch;
  }

  /** The first run of one kind from `offset` on, `length` bytes long at most. */
  async #run(offset: number, length: number, signal: AbortSignal | undefined): Promise<Run> {
    const { map } = this.#parts;
    const first = map.piece(offset, length, signal);
    let run = first instanceof Promise ? await first : first;
    while (run.length < length && run.kind !== "compressed") {
      const piece = map.piece(offset + run.length, length - run.length, signal);
      const next = piece instanceof Promise ? await piece : piece;
      if (!continues(run, next)) break;
      run = { ...run, length: run.length + next.length };
    }
    return run.length <= length ? run : { ...run, length };
  }

  async #fill(
    batch: readonly Placed[],
    offset: number,
    target: Uint8Array,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const packed = batch.filter(({ run }) => run.kind === "compressed");
    const work = batch.flatMap(({ run, at }) => {
      if (run.kind === "compressed") return [];
      return [this.#startPlain(run, offset + at, target.subarray(at, at + run.length), signal)];
    });
    if (packed.length > 0) work.push(unpackRuns(this.#parts, this.#plain, packed, { offset, target }, signal));
    await Promise.all(work);
  }

  /** Whatever it throws comes with the others' ends. */
  async #startPlain(run: Run, offset: number, target: Uint8Array, signal: AbortSignal | undefined): Promise<void> {
    await this.#plainRun(run, offset, target, signal);
  }

  #plainRun(run: Run, offset: number, target: Uint8Array, signal: AbortSignal | undefined): void | Promise<void> {
    if (run.kind === "data") return this.#readData(run, offset, target, signal);
    if (run.kind === "parent") return this.#readParent(offset, target, signal);
    target.fill(0);
  }

  #readData(run: Run, offset: number, target: Uint8Array, signal: AbortSignal | undefined): void | Promise<void> {
    const { data, faults, check } = this.#parts;
    if (run.host + run.length > data.size) throw outside(faults, data, run.host);
    check?.(run, offset);
    return readInto(data, run.host, target, signal);
  }

  /** A parent may be shorter: zeros follow it. */
  async #readParent(offset: number, target: Uint8Array, signal: AbortSignal | undefined): Promise<void> {
    const { parent } = this.#parts;
    const there = parent ? Math.max(0, Math.min(target.length, parent.size - offset)) : 0;
    if (parent && there > 0) await readInto(parent, offset, target.subarray(0, there), signal);
    target.fill(0, there);
  }

  stored(offset: number, length: number): Eventual<Stored | null> {
    return whenHere(this.#parts.map.piece(offset, length), (run) =>
      this.#storedRun(run, offset, Math.min(length, run.length)),
    );
  }

  /** What is checked as it is read is not known without reading it. */
  #storedRun(run: Run, offset: number, length: number): Eventual<Stored | null> {
    const { data, parent, check } = this.#parts;
    if (run.kind === "zero") return zerosFrom(length);
    if (run.kind === "compressed") return this.#storedUnit(run, offset, length);
    if (run.kind === "data") return check ? null : (data.stored?.(run.host, length) ?? null);
    const there = parent ? Math.min(length, parent.size - offset) : 0;
    return parent && there > 0 ? (parent.stored?.(offset, there) ?? null) : zerosFrom(length);
  }

  #storedUnit({ host, stored }: Run, offset: number, length: number): Eventual<Stored | null> {
    const { data, packed } = this.#parts;
    return whenHere(data.stored?.(host, stored) ?? null, (found) =>
      packed && found?.length === stored
        ? unpackedFrom(found, `units of ${packed.unit}`, offset % packed.unit, length)
        : null,
    );
  }

  async extent(offset: number, length: number, signal?: AbortSignal): Promise<Extent> {
    signal?.throwIfAborted();
    checkBounds(this.#parts, offset, length);
    const first = await this.#extentOf(offset, length, signal);
    let total = first.length;
    for (let merged = 1; total < length && merged < MERGED; merged++) {
      const next = await this.#extentOf(offset + total, length - total, signal);
      if (next.zero !== first.zero) break;
      total += next.length;
    }
    return { length: total, zero: first.zero };
  }

  async #extentOf(offset: number, length: number, signal: AbortSignal | undefined): Promise<Extent> {
    const run = await this.#run(offset, length, signal);
    if (run.kind !== "parent") return { length: run.length, zero: run.kind === "zero" };
    const { parent } = this.#parts;
    const there = parent ? Math.min(run.length, parent.size - offset) : 0;
    if (!parent || there <= 0) return { length: run.length, zero: true };
    return (await parent.extent?.(offset, there, signal)) ?? { length: there, zero: false };
  }
}

function outside(faults: Faults, data: ByteSource, host: number): GuestkitError {
  const what = `data at 0x${host.toString(16)} ends past the file's end (${data.size})`;
  return faults.damaged(data, "DATA_BOUNDS", host, what);
}
