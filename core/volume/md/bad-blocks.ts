import { GuestkitError } from "../../kit/errors.ts";
import { type ByteSource, checkBounds } from "../../source/source.ts";
import { damaged } from "./fault.ts";
import { badBlock, SECTOR } from "./layout.ts";
import type { Superblock } from "./member.ts";

/** Bytes of the device. */
interface Range {
  readonly start: number;
  readonly end: number;
}

/** What one entry counts with: ten bits of length below the sector. */
const LENGTH_BITS = 10n;
const END = 0xffff_ffff_ffff_ffffn;
/** As the kernel has it: a page. */
const MOST_BYTES = 4096;

/** The device, whose bad blocks are refused: the kernel could not write there what the array holds. */
export async function withoutBadBlocks(source: ByteSource, { badBlocks }: Superblock): Promise<ByteSource> {
  if (!badBlocks) return source;
  const { offset, length, shift } = badBlocks;
  const fits = length <= MOST_BYTES && offset >= 0 && offset + length <= source.size && shift < 32;
  if (!fits) throw damaged(source, "BOUNDS", Math.max(0, offset), `its log of bad blocks has ${length} bytes`);
  const ranges = decode(await source.read(offset, length), shift);
  return ranges.length === 0 ? source : guarded(source, ranges);
}

function decode(bytes: Uint8Array, shift: number): readonly Range[] {
  const ranges: Range[] = [];
  for (let at = 0; at + badBlock.size <= bytes.length; at += badBlock.size) {
    const { value } = badBlock.decode(bytes, at);
    if (value === END) break;
    const start = Number((value >> LENGTH_BITS) << BigInt(shift)) * SECTOR;
    const length = Number((value & ((1n << LENGTH_BITS) - 1n)) << BigInt(shift)) * SECTOR;
    if (length > 0) ranges.push({ start, end: start + length });
  }
  return ranges;
}

function guarded(source: ByteSource, ranges: readonly Range[]): ByteSource {
  const { name, size } = source;
  const check = (offset: number, length: number) => {
    checkBounds(source, offset, length);
    const bad = ranges.find(({ start, end }) => start < offset + length && offset < end);
    if (!bad) return;
    throw new GuestkitError(
      "E_MD_BAD_BLOCK",
      `Cannot read ${length} bytes of "${name}": the array calls blocks there bad`,
      {
        at: { file: name, offset: bad.start },
        help: "Another member may hold them: give all members of the array.",
      },
    );
  };
  return {
    ...{ name, size },
    read: async (offset, length, signal) => {
      check(offset, length);
      return source.read(offset, length, signal);
    },
    [Symbol.asyncDispose]: () => source[Symbol.asyncDispose](),
  };
}
