import { createZstdDecompress } from "node:zlib";

/** As many as Node's pool has threads. */
const DECODERS = 4;

interface Decoder {
  /** Bytes of the clusters that it is for. */
  readonly size: number;
  /** One frame that is whole, of at most `most` bytes. */
  readonly decode: (frame: Uint8Array, most: number) => Promise<Uint8Array>;
  /** Whether it is between two frames, as before the first: not so after a failure. */
  readonly isReady: () => boolean;
  readonly close: () => void;
}

const free: Decoder[] = [];
const waiting: (() => void)[] = [];
let busy = 0;

/**
 * Decodes a whole frame (of `zstdFrames`) on a thread of Node's pool: part of a cluster of `size` bytes, `most` of them. What
 * a decoder needs takes as long to be made as a cluster to be decoded, so that some are kept. Throws what zlib says.
 */
export async function decodeFrame(frame: Uint8Array, size: number, most: number): Promise<Uint8Array> {
  while (busy === DECODERS) await new Promise<void>((resume) => waiting.push(resume));
  busy++;
  const decoder = take(size);
  try {
    return await decoder.decode(frame, most);
  } finally {
    busy--;
    if (decoder.isReady()) free.push(decoder);
    else decoder.close();
    waiting.shift()?.();
  }
}

/** One for clusters of another size makes room. */
function take(size: number): Decoder {
  const fitting = free.findIndex((each) => each.size === size);
  const [found] = free.splice(fitting, 1);
  if (fitting >= 0 && found) return found;
  found?.close();
  return makeDecoder(size);
}

function makeDecoder(size: number): Decoder {
  const stream = createZstdDecompress({ chunkSize: Math.max(size, 64) });
  let pieces: Buffer[] = [];
  let left = 0;
  let isReady = true;
  let settle = { resolve: (_: Uint8Array) => {}, reject: (_: unknown) => {} };
  const fail = (cause: unknown) => {
    isReady = false;
    settle.reject(cause);
  };
  stream.on("data", (piece: Buffer) => {
    left -= piece.length;
    pieces.push(piece);
    if (left >= 0) return;
    fail(new RangeError(`it gives more than the ${size} bytes of a cluster`));
    stream.destroy();
  });
  stream.on("error", fail);
  // It saw a frame's end before the last of its bytes.
  stream.on("end", () => fail(new RangeError("a frame ends before its last block")));
  const decode = (frame: Uint8Array, most: number) =>
    new Promise<Uint8Array>((resolve, reject) => {
      pieces = [];
      left = most;
      settle = { resolve, reject };
      stream.write(frame, (cause) => {
        if (cause) fail(cause);
        else settle.resolve(pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces));
      });
    });
  return { size, decode, isReady: () => isReady && !stream.destroyed, close: () => stream.destroy() };
}
