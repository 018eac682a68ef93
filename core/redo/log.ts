import type { Image, OpenContext } from "../format/format.ts";
import { ClusterMap } from "../format/qcow2/clusters.ts";
import { readHeader } from "../format/qcow2/header.ts";
import { qcow2 } from "../format/qcow2/index.ts";
import { GuestkitError } from "../kit/errors.ts";
import { nodeHost } from "../source/node.ts";
import type { ByteSource } from "../source/source.ts";

/** A redo log laid over its image by our own reader. Closing it closes both. */
export interface Log extends AsyncDisposable {
  /** The image as it will be. */
  readonly image: Image;
  /** What the log itself holds, in order; the rest is the image's. */
  covered(signal: AbortSignal): AsyncGenerator<Stretch>;
}

interface Stretch {
  readonly offset: number;
  readonly length: number;
}

/**
 * Lays the overlay in `source` over `image`, whatever parent it names. Both are closed where that fails.
 * Throws `E_REDO_HEADER`, and what reading it throws.
 */
export async function openLog(source: ByteSource, image: Image): Promise<Log> {
  try {
    const header = await readHeader(source);
    if (header.hasDataFile) throw unfit(source, "it keeps its data in another file");
    if (header.backingName === null || header.nbSnapshots > 0) throw unfit(source, "it is no plain overlay");
    const map = new ClusterMap(source, header, { offset: header.l1TableOffset, entries: header.l1Size });
    const shown = await qcow2.open(source, over(image), []);
    return {
      image: shown,
      covered: (signal) => covered(map, shown.size, signal),
      [Symbol.asyncDispose]: () => shown[Symbol.asyncDispose](),
    };
  } catch (error) {
    await Promise.all([source[Symbol.asyncDispose](), image[Symbol.asyncDispose]()]);
    throw error;
  }
}

/** The surroundings of an overlay whose parent is this image, and no file of the host. */
const over = (image: Image): OpenContext => ({
  openFile: async () => image,
  openImage: async () => image,
  decompress: nodeHost.decompress,
  digest: nodeHost.digest,
  ciphers: nodeHost.ciphers,
});

async function* covered(map: ClusterMap, size: number, signal: AbortSignal): AsyncGenerator<Stretch> {
  for (let offset = 0; offset < size; ) {
    signal.throwIfAborted();
    const piece = await map.piece(offset, size - offset, signal);
    const length = Math.min(piece.length, size - offset);
    if (piece.kind !== "parent") yield { offset, length };
    offset += length;
  }
}

function unfit({ name }: ByteSource, why: string): GuestkitError {
  return new GuestkitError("E_REDO_HEADER", `Cannot use the redo log "${name}": ${why}`, { at: { file: name } });
}
