import { GuestkitError } from "../kit/errors.ts";
import type { Eventual } from "../kit/eventual.ts";

/** Part of a source: `zero` says that it reads as zeros without being stored. */
export interface Extent {
  /** Bytes. */
  readonly length: number;
  readonly zero: boolean;
}

/** Where bytes come from: what comes from one place is equal without being read. */
export interface Stored {
  /** Bytes. */
  readonly length: number;
  /**
   * Tells a file, or whatever keeps them or makes them out of what is kept, from all others that are open: never a name,
   * under which another may lie later.
   */
  readonly file: string;
  /** Bytes from the start of that. */
  readonly offset: number;
}

/** Bytes by position, never a cursor. */
export interface ByteSource extends AsyncDisposable {
  /** What errors call it: a path or an address. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /**
   * Exactly `length` bytes from `offset`; the caller must not change them.
   * Throws `E_SOURCE_BOUNDS` past the end, and what the device says; rejects with `AbortError` when aborted.
   */
  read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array>;
  /**
   * The same at once where the bytes are in memory or had at once, else undefined: then they are read, and what cannot be
   * read is told. A view that may hold far more memory than its length: copy what is kept.
   */
  peek?(offset: number, length: number): Uint8Array | undefined;
  /**
   * The same into `target`, all of it: what is soon forgotten needs no memory of its own. Where the bytes are had at once
   * it gives nothing, and throws. See `readInto`.
   */
  readInto?(offset: number, target: Uint8Array, signal?: AbortSignal): void | Promise<void>;
  /**
   * What the bytes from `offset` on are made of: the first run of equal kind, at most `length` long
   * (1 <= result.length <= length). A source that does not know leaves the method out: all data.
   */
  extent?(offset: number, length: number, signal?: AbortSignal): Promise<Extent>;
  /**
   * Where the bytes from `offset` on come from: the first run of them that lies together, at most `length` long
   * (1 <= result.length <= length); null where that is not known. A source that knows of none leaves the method out.
   */
  stored?(offset: number, length: number): Eventual<Stored | null>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Zeros that are kept nowhere are equal wherever they are. */
export const zerosFrom = (length: number): Stored => ({ length, file: "zeros", offset: 0 });

/** Bytes from `offset` on of what a unit unpacks to that lies at one place as a whole; `how` it is unpacked. */
export const unpackedFrom = (unit: Stored, how: string, offset: number, length: number): Stored => ({
  length,
  file: `${unit.file}: ${how}, ${unit.length} bytes at ${unit.offset}`,
  offset,
});

/** Throws `E_SOURCE_BOUNDS` unless `[offset, offset + length)` lies within the source. */
export function checkBounds(source: { name: string; size: number }, offset: number, length: number): void {
  if (offset >= 0 && length >= 0 && offset + length <= source.size) return;
  throw new GuestkitError(
    "E_SOURCE_BOUNDS",
    `Cannot read ${length} bytes at ${offset} of "${source.name}": it ends at ${source.size}`,
    {
      at: { file: source.name, offset },
      help: "The image is cut short or damaged: compare its size and sha256 with the original's.",
    },
  );
}

/** Fills `target` with the bytes from `offset` on, copied where the source gives none but its own; at once where that can be. */
export function readInto(
  source: Pick<ByteSource, "read" | "readInto">,
  offset: number,
  target: Uint8Array,
  signal?: AbortSignal,
): void | Promise<void> {
  if (source.readInto) return source.readInto(offset, target, signal);
  return source.read(offset, target.length, signal).then((bytes) => target.set(bytes));
}

type Way = "read" | "peek" | "readInto" | "extent" | "stored";

/** Every way to the bytes of a source, for another that gives the same ones. */
export function waysTo(source: Pick<ByteSource, Way>): Pick<ByteSource, Way> {
  const { read, peek, readInto, extent, stored } = source;
  return {
    read: read.bind(source),
    ...(peek && { peek: peek.bind(source) }),
    ...(readInto && { readInto: readInto.bind(source) }),
    ...(extent && { extent: extent.bind(source) }),
    ...(stored && { stored: stored.bind(source) }),
  };
}

/** Both ways to the bytes of a source that fills what it is given: `fill` checks the bounds. */
export function filling(
  source: { readonly name: string; readonly size: number },
  fill: NonNullable<ByteSource["readInto"]>,
): Required<Pick<ByteSource, "read" | "readInto">> {
  return {
    readInto: fill,
    read: async (offset, length, signal) => {
      checkBounds(source, offset, length);
      const target = new Uint8Array(length);
      const filling = fill(offset, target, signal);
      if (filling) await filling;
      return target;
    },
  };
}

/** The source in pieces of at most `chunk` bytes, in order. */
export async function* stream(
  source: ByteSource,
  options: { start?: number; end?: number; chunk?: number; signal?: AbortSignal | undefined } = {},
): AsyncGenerator<Uint8Array> {
  const { start = 0, end = source.size, chunk = 1 << 20, signal } = options;
  for (let at = start; at < end; at += chunk) {
    yield await source.read(at, Math.min(chunk, end - at), signal);
  }
}
