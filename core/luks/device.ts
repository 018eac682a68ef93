import { GuestkitError } from "../kit/errors.ts";
import type { Ciphers } from "../source/codec.ts";
import { type ByteSource, checkBounds, filling } from "../source/source.ts";
import { sectorCipher } from "./cipher.ts";
import type { Container, Segment } from "./container.ts";
import { damaged } from "./fault.ts";
import { SECTOR } from "./layout.ts";
import type { SectorCipher } from "./sectors.ts";

/** A segment with its place in the opened device; bytes. */
export interface Placed extends Segment {
  readonly start: number;
  readonly length: number;
}

/**
 * Segments one behind another, on the device that the header stands on, or on another where that `isApart`. Throws
 * `E_LUKS_SEGMENT` where that does not hold them, `E_LUKS_DETACHED` where they lie on another.
 */
export function place(
  data: ByteSource,
  { segments, headerBytes }: Container,
  { isApart = false }: { readonly isApart?: boolean } = {},
): readonly Placed[] {
  if (!isApart && segments.some(({ offset }) => offset < headerBytes)) throw detached(data);
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

function detached({ name }: ByteSource): GuestkitError {
  return new GuestkitError("E_LUKS_DETACHED", `Cannot open "${name}": it is a LUKS header alone, of data elsewhere`, {
    at: { file: name, offset: 0 },
    help: "Which device holds its data is written nowhere: read that one, with --key DEVICE:header:HEADER (header in keys of a declaration).",
  });
}

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
  const readInto = async (offset: number, target: Uint8Array, signal?: AbortSignal): Promise<void> => {
    signal?.throwIfAborted();
    checkBounds({ name, size }, offset, target.length);
    for (const { segment, cipher } of parts) {
      const from = Math.max(offset, segment.start);
      const to = Math.min(offset + target.length, segment.start + segment.length);
      const piece = from < to ? target.subarray(from - offset, to - offset) : null;
      if (piece) await readPart(data, { segment, cipher }, from - segment.start, piece, signal);
    }
  };
  return {
    ...{ name, size, ...filling({ name, size }, readInto) },
    [Symbol.asyncDispose]: async () => {},
  };
}

interface Part {
  readonly segment: Placed;
  readonly cipher: SectorCipher;
}

/** Bytes that are read and deciphered at once. */
const PIECE = 1 << 20;

/** Fills `target` from byte `from` of the segment on, by the sectors around it. */
async function readPart(
  data: ByteSource,
  { segment, cipher }: Part,
  from: number,
  target: Uint8Array,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { offset, sectorSize, firstSector } = segment;
  for (let at = 0; at < target.length; ) {
    const first = from + at - ((from + at) % sectorSize);
    const skipped = from + at - first;
    const wanted = Math.min(target.length - at, PIECE - skipped);
    const length = Math.ceil((skipped + wanted) / sectorSize) * sectorSize;
    const sectors = await data.read(offset + first, length, signal);
    const piece = target.subarray(at, at + wanted);
    const isWhole = wanted === length;
    const plain = isWhole ? piece : new Uint8Array(length);
    cipher.decrypt(sectors, firstSector + first / SECTOR, plain);
    if (!isWhole) piece.set(plain.subarray(skipped, skipped + wanted));
    at += wanted;
  }
}
