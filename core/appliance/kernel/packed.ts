import { unpackLz4Frames } from "../../guest/initramfs/lz4.ts";
import { unpack } from "../../host/unpack.ts";
import { GuestkitError } from "../../kit/errors.ts";
import type { Packing } from "../../source/packing.ts";

/** What kernels and their modules are packed by. */
export type KernelPacking = Packing | "lz4";

/** Bytes; kernels have some 50 MB, the largest modules ten. */
const LARGEST = 256 << 20;

/** Throws `E_UNPACK` of what is damaged, cut off, or larger than any kernel; `E_TOOL_MISSING`. */
export async function unpackWhole(packing: KernelPacking, packed: Uint8Array): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  const take = async (plain: AsyncIterable<Uint8Array>) => {
    for await (const piece of plain) {
      size += piece.length;
      if (size > LARGEST) throw tooLarge();
      pieces.push(piece);
    }
  };
  if (packing === "lz4") await take(unpackLz4Frames(only(packed)));
  else await unpack(packing, only(packed), take);
  return Buffer.concat(pieces);
}

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

const tooLarge = (): GuestkitError =>
  new GuestkitError("E_UNPACK", `Cannot unpack it: it holds more than ${LARGEST} bytes, and is no kernel`);
