import { type Eventual, whenHere } from "../kit/eventual.ts";
import type { Windows } from "../source/windows.ts";

/** A value that lies in pieces, as databases keep what is longer than a page. */
export interface Pieces {
  /** Bytes. */
  readonly size: number;
  /**
   * Memory in which the bytes from `from` up to `to`, or the value's end, stand at their own places; what else stands in it
   * means nothing. It holds until the next are asked for. Pieces before `from` are passed over: ask in ascending order.
   */
  range(from: number, to: number): Eventual<Uint8Array>;
}

/** Memory of one value after the other: new memory for each costs more than to fill it. */
export interface Scratch {
  bytes: Uint8Array;
}

/** What follows the first piece of a value. */
export interface Chain {
  /** The piece before which `at` bytes of the value lie; it holds until the next is asked for. Throws where there is none. */
  next(at: number): Eventual<Uint8Array>;
  /** Passes over pieces that end before `wanted`, as far as that is cheap: how many bytes then lie before the next. */
  skip(at: number, wanted: number): number;
}

/**
 * @param first begins the value, and holds as long as it @param open begins with what follows `first`; again where bytes are
 * asked for that were passed over
 */
export function makePieces(size: number, first: Uint8Array, open: () => Chain, scratch: Scratch): Pieces {
  let [chain, piece, start] = [open(), first, 0];
  // What stands in memory.
  let [from, to] = [0, 0];
  const range = (wanted: number, end: number): Eventual<Uint8Array> => {
    const last = Math.min(end, size);
    if (last <= first.length) return first;
    if (wanted < from) {
      [chain, piece, start] = [open(), first, 0];
      [from, to] = [0, 0];
    }
    if (wanted > to) from = to = wanted;
    return fill(last);
  };
  const fill = (end: number): Eventual<Uint8Array> => {
    const bytes = room(scratch, end, from, to);
    while (to < end) {
      const pieceEnd = start + piece.length;
      if (to < pieceEnd) {
        const until = Math.min(end, pieceEnd);
        bytes.set(piece.subarray(to - start, until - start), to);
        to = until;
        continue;
      }
      start = chain.skip(pieceEnd, to);
      const found = chain.next(start);
      if (found instanceof Promise) {
        return found.then((here) => {
          piece = here;
          return fill(end);
        });
      }
      piece = found;
    }
    return bytes;
  };
  return { size, range };
}

/** A value that lies in one, of which no more is read than is asked for. */
export function placedPieces(windows: Windows, place: number, size: number, scratch: Scratch): Pieces {
  const range = (from: number, to: number) => {
    const end = Math.min(to, size);
    return whenHere(windows.read(place + from, end - from), (piece) => {
      const bytes = room(scratch, end, 0, 0);
      bytes.set(piece, from);
      return bytes;
    });
  };
  return { size, range };
}

/** Memory of `length` bytes, with what stands in it from `from` up to `to`. */
function room(scratch: Scratch, length: number, from: number, to: number): Uint8Array {
  const { bytes } = scratch;
  if (bytes.length >= length) return bytes;
  scratch.bytes = new Uint8Array(2 * length);
  scratch.bytes.set(bytes.subarray(from, to), from);
  return scratch.bytes;
}
