import { GuestkitError } from "../../kit/errors.ts";
import { unpackLz4 } from "../journal/lz4.ts";

/** The legacy frame, the only one that kernels unpack (lib/decompress_unlz4.c; LZ4 frame format, legacy frame). */
export const LZ4_MAGIC = 0x184c2102;
const BLOCK = 8 << 20;
const WORD = 4;
/** What a block takes at most where nothing in it can be packed. */
const MAX_PACKED = BLOCK + Math.ceil(BLOCK / 255) + 16;

/** Blocks of 8 MiB as they come; the last one is shorter. Throws `E_UNPACK` of what is damaged or cut off. */
export async function* unpackLz4Frames(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let kept: Uint8Array[] = [];
  let length = 0;
  /** Bytes of the block that comes next; null where its size comes first. */
  let block: number | null = null;
  for await (const piece of packed) {
    kept.push(piece);
    length += piece.length;
    if (length < (block ?? WORD)) continue;
    let bytes = joined(kept, length);
    while (bytes.length >= (block ?? WORD)) {
      const part: Uint8Array = bytes.subarray(0, block ?? WORD);
      bytes = bytes.subarray(part.length);
      if (block !== null) yield blockOf(part);
      block = block === null ? sizeOf(part) : null;
      if (block === 0) return;
    }
    [kept, length] = [[bytes.slice()], bytes.length];
  }
  if (block !== null || length > 0) throw damaged();
}

/** Null where another frame's magic stands in place of a size; 0 where zeros pad the file. */
function sizeOf(part: Uint8Array): number | null {
  const word = new DataView(part.buffer, part.byteOffset).getUint32(0, true);
  if (word === LZ4_MAGIC) return null;
  if (word > MAX_PACKED) throw damaged();
  return word;
}

function blockOf(part: Uint8Array): Uint8Array {
  // No byte stands for more than 255: memory of a whole block for each of many small ones takes hours.
  const plain = unpackLz4(part, Math.min(BLOCK, 255 * part.length), 0);
  if (!plain || plain.length === 0) throw damaged();
  return plain;
}

function joined(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const [only] = pieces;
  if (only && pieces.length === 1) return only;
  const all = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

const damaged = (): GuestkitError =>
  new GuestkitError("E_UNPACK", "Cannot unpack it: its lz4 data is damaged or cut off");
