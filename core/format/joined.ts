import { type ByteSource, checkBounds, filling, readInto, zerosFrom } from "../source/source.ts";
import type { RunSource } from "./run-reader.ts";

/** Bytes of a disk in its order: those of a source that is read from its start, zeros where there is none. */
export interface Stretch {
  /** Bytes. */
  readonly length: number;
  readonly source: Pick<ByteSource, "read" | "readInto" | "extent" | "stored"> | null;
}

interface Piece {
  readonly stretch: Stretch;
  /** Bytes into the stretch, and how many of it. */
  readonly offset: number;
  readonly length: number;
}

/** One disk of several stretches. `name` is what errors call it. */
export function joined(name: string, stretches: readonly Stretch[]): RunSource & { readonly size: number } {
  const starts: number[] = [];
  let size = 0;
  for (const { length } of stretches) {
    starts.push(size);
    size += length;
  }
  const pieceAt = (offset: number, length: number): Piece => {
    const index = lastAtMost(starts, offset);
    const stretch = stretches[index] as Stretch;
    const within = offset - (starts[index] as number);
    return { stretch, offset: within, length: Math.min(length, stretch.length - within) };
  };
  const fill = async (offset: number, target: Uint8Array, signal?: AbortSignal) => {
    checkBounds({ name, size }, offset, target.length);
    for (let at = 0; at < target.length; ) {
      const { stretch, offset: within, length } = pieceAt(offset + at, target.length - at);
      const part = target.subarray(at, at + length);
      if (stretch.source) await readInto(stretch.source, within, part, signal);
      else part.fill(0);
      at += length;
    }
  };
  return {
    size,
    ...filling({ name, size }, fill),
    extent: async (offset, length, signal) => {
      checkBounds({ name, size }, offset, length);
      const piece = pieceAt(offset, length);
      if (!piece.stretch.source) return { length: piece.length, zero: true };
      const { source } = piece.stretch;
      return (await source.extent?.(piece.offset, piece.length, signal)) ?? { length: piece.length, zero: false };
    },
    stored: (offset, length) => {
      const piece = pieceAt(offset, length);
      const { source } = piece.stretch;
      return source ? (source.stored?.(piece.offset, piece.length) ?? null) : zerosFrom(piece.length);
    },
  };
}

/** The index of the last number that is `wanted` at most; the first one's is. */
function lastAtMost(sorted: readonly number[], wanted: number): number {
  let [low, high] = [0, sorted.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) <= wanted) low = middle;
    else high = middle;
  }
  return low;
}
