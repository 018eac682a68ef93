import { isRefusal } from "../kit/budget.ts";
import { GuestkitError } from "../kit/errors.ts";
import { whenHere } from "../kit/eventual.ts";
import { type ByteSource, checkBounds, type Extent, readInto } from "../source/source.ts";

/** A stretch of a source. */
export interface Piece {
  readonly source: ByteSource;
  /** Bytes from the source's start. */
  readonly start: number;
  /** Bytes. */
  readonly length: number;
  /** Each byte takes work: none is read that was not asked for. */
  readonly isDear?: boolean;
}

/** Where a device's bytes from `offset` on lie: the first piece, 1 to `length` bytes of it. Throws what cannot be read. */
export type Locate = (offset: number, length: number) => Piece;
/** The same where it may have to be read first. */
type Find = (offset: number, length: number) => Piece | Promise<Piece>;

/** Bytes between two pieces of one source up to which both are read at once: parity among chunks of data, two at most. */
const MOST_GAP = 128 << 10;
/** Pieces that `extent` looks at in one go. */
const MOST_LOOKS = 64;

/** A device whose bytes lie in pieces of others. Closing it leaves them open. */
export function mappedSource(name: string, size: number, locate: Locate): ByteSource {
  const found = foundSource(name, size, locate);
  return {
    ...found,
    peek: (offset, length) => {
      checkBounds(found, offset, length);
      if (length === 0) return new Uint8Array(0);
      const piece = locate(offset, length);
      return piece.length === length ? piece.source.peek?.(piece.start, length) : undefined;
    },
  };
}

/** The same where it is read from somewhere how they lie. */
export function foundSource(name: string, size: number, find: Find): ByteSource {
  const self = { name, size };
  return {
    ...self,
    read: async (offset, length, signal) => {
      checkBounds(self, offset, length);
      const pieces = await piecesOf(find, offset, length);
      const [only] = pieces;
      if (!only) return new Uint8Array(0);
      if (pieces.length === 1) return only.source.read(only.start, length, signal);
      const bytes = new Uint8Array(length);
      await readPieces(pieces, bytes, signal);
      return bytes;
    },
    readInto: async (offset, target, signal) => {
      checkBounds(self, offset, target.length);
      await readPieces(await piecesOf(find, offset, target.length), target, signal);
    },
    extent: async (offset, length, signal) => {
      checkBounds(self, offset, length);
      return extentOf(find, offset, length, signal);
    },
    stored: (offset, length) =>
      whenHere(find(offset, length), (piece) => piece.source.stored?.(piece.start, piece.length) ?? null),
    [Symbol.asyncDispose]: async () => {},
  };
}

async function piecesOf(find: Find, offset: number, length: number): Promise<Piece[]> {
  const pieces: Piece[] = [];
  for (let done = 0; done < length; ) {
    const found = find(offset + done, length - done);
    const piece = found instanceof Promise ? await found : found;
    pieces.push(piece);
    done += piece.length;
  }
  return pieces;
}

/** A piece, and where its bytes belong in what is read. */
interface Placed extends Piece {
  readonly at: number;
}

/** Every source is read side by side with the others, and pieces that are near one another in one read. */
async function readPieces(pieces: readonly Piece[], target: Uint8Array, signal?: AbortSignal): Promise<void> {
  await Promise.all(
    runsOf(pieces).map((run) => (run.length > 1 ? readRun(run, target, signal) : readApart(run, target, signal))),
  );
}

async function readRun(run: readonly Placed[], target: Uint8Array, signal?: AbortSignal): Promise<void> {
  const [first, last] = [run[0], run.at(-1)] as [Placed, Placed];
  const { source, start } = first;
  try {
    const bytes = await source.read(start, last.start + last.length - start, signal);
    for (const each of run) target.set(bytes.subarray(each.start - start, each.start - start + each.length), each.at);
  } catch (error) {
    if (!(error instanceof GuestkitError) || isRefusal(error)) throw error;
    // It may be what lies between them that cannot be read, and that nobody asked for.
    await readApart(run, target, signal);
  }
}

async function readApart(run: readonly Placed[], target: Uint8Array, signal?: AbortSignal): Promise<void> {
  for (const { source, start, at, length } of run) {
    await readInto(source, start, target.subarray(at, at + length), signal);
  }
}

/** Pieces of one source that follow one another with little between them. */
function runsOf(pieces: readonly Piece[]): Placed[][] {
  const runs: Placed[][] = [];
  const open = new Map<ByteSource, Placed[]>();
  let at = 0;
  for (const piece of pieces) {
    const run = open.get(piece.source);
    const placed = { ...piece, at };
    at += piece.length;
    if (run && isNear(run.at(-1) as Placed, piece)) {
      run.push(placed);
      continue;
    }
    const fresh = [placed];
    runs.push(fresh);
    open.set(piece.source, fresh);
  }
  return runs;
}

function isNear(before: Piece, { start, isDear }: Piece): boolean {
  const gap = start - before.start - before.length;
  return gap >= 0 && gap <= (isDear ? 0 : Math.min(MOST_GAP, 2 * before.length));
}

async function extentOf(find: Find, offset: number, length: number, signal?: AbortSignal): Promise<Extent> {
  let run: Extent | null = null;
  for (let looks = 0; looks < MOST_LOOKS; looks++) {
    const done: number = run?.length ?? 0;
    if (done === length) break;
    const piece = await find(offset + done, length - done);
    const found = await extentIn(piece, signal);
    if (run && run.zero !== found.zero) break;
    run = { length: done + found.length, zero: found.zero };
  }
  return run ?? { length, zero: false };
}

async function extentIn({ source, start, length }: Piece, signal?: AbortSignal): Promise<Extent> {
  return source.extent ? source.extent(start, length, signal) : { length, zero: false };
}

/** Sources one behind the other; each piece is whole. */
export function joinedSource(name: string, pieces: readonly Piece[]): ByteSource {
  const ends: number[] = [];
  let size = 0;
  for (const { length } of pieces) {
    size += length;
    ends.push(size);
  }
  return mappedSource(name, size, (offset, length) => {
    const index = firstPast(ends, offset);
    const { source, start, length: whole } = pieces[index] as Piece;
    const within = offset - ((ends[index] as number) - whole);
    return { source, start: start + within, length: Math.min(length, whole - within) };
  });
}

/** Index of the first of the rising `ends` that lies past `offset`. */
function firstPast(ends: readonly number[], offset: number): number {
  let [low, high] = [0, ends.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ends[middle] as number) > offset) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The whole of a source. */
export function wholeOf(source: ByteSource): Piece {
  return { source, start: 0, length: source.size };
}
