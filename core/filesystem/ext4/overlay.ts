import type { ByteSource } from "../../source/source.ts";
import { overlaySource } from "../overlay.ts";
import type { Copy, Replay } from "./journal.ts";
import { JBD2_MAGIC } from "./journal-layout.ts";

/** The bytes of `parent` with the blocks that the journal has newer copies of in their place. */
export function replayedSource(parent: ByteSource, blockSize: number, replay: Replay): ByteSource {
  return overlaySource(parent, blockSize, {
    size: replay.size,
    has: (block) => replay.has(block),
    read: (block, signal) => readCopy(parent, blockSize, replay.get(block) as Copy, signal),
  });
}

async function readCopy(parent: ByteSource, size: number, copy: Copy, signal?: AbortSignal): Promise<Uint8Array> {
  const bytes = await parent.read(copy.offset, size, signal);
  if (!copy.escaped) return bytes;
  const unescaped = bytes.slice();
  new DataView(unescaped.buffer).setUint32(0, JBD2_MAGIC);
  return unescaped;
}
