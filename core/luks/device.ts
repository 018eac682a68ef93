import { cachedSource } from "../source/cached.ts";
import type { Ciphers } from "../source/codec.ts";
import { type ByteSource, checkBounds } from "../source/source.ts";
import { sectorCipher } from "./cipher.ts";
import type { Segment } from "./container.ts";
import { damaged } from "./fault.ts";
import type { SectorCipher } from "./sectors.ts";

/** A segment with its place in the opened device; bytes. */
export interface Placed extends Segment {
  readonly start: number;
  readonly length: number;
}

/** Segments one behind another. Throws `E_LUKS_SEGMENT` where the device does not hold them. */
export function place(data: ByteSource, segments: readonly Segment[]): readonly Placed[] {
  let start = 0;
  return segments.map((segment) => {
    const { offset, size, sectorSize } = segment;
    const left = data.size - offset;
    const length = size ?? left - (left % sectorSize);
    if (left < length || length <= 0) {
      const where = `its data at ${offset} ends past the device's end (${data.size})`;
      throw damaged(data, "SEGMENT", 0, `${where}: it is cut off, or the header of a device elsewhere`);
    }
    const placed = { ...segment, start, length };
    start += length;
    return placed;
  });
}

/** Pages of deciphered bytes that are kept: 8 MiB, as much as of the image below. */
const CACHE = { pageSize: 32 << 10, pages: 256 };

/**
 * The device that `key` opens. It is data all through: a hole in the enciphered bytes reads as noise, not as zeros, so no
 * `extent` is known. Closing it leaves `data` open. Throws `E_LUKS_CIPHER`.
 */
export function decipheredSource(
  data: ByteSource,
  segments: readonly Placed[],
  key: Uint8Array,
  ciphers: Ciphers,
  name: string,
): ByteSource {
  const parts = segments.map((segment) => ({
    segment,
    cipher: sectorCipher(data, ciphers, segment.encryption, key, segment.sectorSize),
  }));
  const size = segments.reduce((sum, { length }) => sum + length, 0);
  const source: ByteSource = {
    ...{ name, size },
    read: async (offset, length, signal) => {
      signal?.throwIfAborted();
      checkBounds({ name, size }, offset, length);
      return readParts(data, parts, { offset, length }, signal);
    },
    [Symbol.asyncDispose]: async () => {},
  };
  return cachedSource(source, CACHE);
}

interface Part {
  readonly segment: Placed;
  readonly cipher: SectorCipher;
}

async function readParts(
  data: ByteSource,
  parts: readonly Part[],
  { offset, length }: { offset: number; length: number },
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const result: Uint8Array[] = [];
  for (const part of parts) {
    const { start, length: held } = part.segment;
    const from = Math.max(offset, start) - start;
    const to = Math.min(offset + length, start + held) - start;
    if (from < to) result.push(await readPart(data, part, from, to, signal));
  }
  return result.length === 1 && result[0] ? result[0] : joined(result, length);
}

/** The sectors around `[from, to)` of the segment, and of these what was asked for. */
async function readPart(
  data: ByteSource,
  { segment, cipher }: Part,
  from: number,
  to: number,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const { offset, sectorSize, firstSector } = segment;
  const first = from - (from % sectorSize);
  const last = Math.ceil(to / sectorSize) * sectorSize;
  const sectors = await data.read(offset + first, last - first, signal);
  const plain = cipher.decrypt(sectors, firstSector + first / 512);
  return from === first && to === last ? plain : plain.subarray(from - first, to - first);
}

function joined(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const result = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    result.set(piece, at);
    at += piece.length;
  }
  return result;
}
