import { dirname, resolve } from "node:path";
import { promisify } from "node:util";
import { constants, inflateRaw, zstdDecompress } from "node:zlib";
import { GuestkitError } from "../kit/errors.ts";
import { openFileSource } from "./file.ts";
import type { ByteSource } from "./source.ts";
import { zstdFrames } from "./zstd.ts";

const inflate = promisify(inflateRaw);
const unzstd = promisify(zstdDecompress);

/** What image formats need of Node: files named in headers, and decompression. */
export const nodeHost = { openFile, decompress };

/** Opens the file `name` taken relative to the folder of the file `base`, as QEMU does. Throws `E_SOURCE_OPEN`. */
async function openFile(name: string, base: string): Promise<ByteSource> {
  return openFileSource(resolve(dirname(base), name));
}

/**
 * One compressed cluster as exactly `size` bytes. `data` may hold other bytes past the stream's end, as qcow2's
 * sector counts do. Throws `E_SOURCE_COMPRESSION`.
 */
async function decompress(kind: "deflate-raw" | "zstd", data: Uint8Array, size: number): Promise<Uint8Array> {
  try {
    const plain = kind === "zstd" ? await decodeZstd(data, size) : await inflate(data, limits(size));
    if (plain.length === size) return new Uint8Array(plain.buffer, plain.byteOffset, size);
    throw new RangeError(`it gives ${plain.length} bytes instead of ${size}`);
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : String(cause);
    throw new GuestkitError("E_SOURCE_COMPRESSION", `Cannot decompress ${data.length} bytes of ${kind}: ${text}`, {
      cause,
    });
  }
}

/** A full buffer is enough: the stream's own end may be missing, since readers stop at a full cluster. */
function limits(size: number) {
  return { chunkSize: Math.max(size, 64), maxOutputLength: size, finishFlush: constants.Z_SYNC_FLUSH };
}

/** Frame by frame until `size` bytes are there: what follows belongs to the next cluster. */
async function decodeZstd(data: Uint8Array, size: number): Promise<Uint8Array> {
  const plain: Uint8Array[] = [];
  let length = 0;
  for (const frame of zstdFrames(data)) {
    const piece = await unzstd(frame, { chunkSize: Math.max(size, 64), maxOutputLength: size - length });
    if (piece.length === size) return piece;
    plain.push(piece);
    length += piece.length;
    if (length === size) break;
  }
  return Buffer.concat(plain, length);
}
