import { createHash } from "node:crypto";
import { dirname, resolve } from "node:path";
import { promisify } from "node:util";
import {
  constants,
  inflate,
  inflateRaw,
  inflateRawSync,
  inflateSync,
  type ZlibOptions,
  zstdDecompressSync,
} from "node:zlib";
import { GuestkitError } from "../kit/errors.ts";
import type { Ciphers, Compression, DigestName } from "./codec.ts";
import { openFileSource } from "./file.ts";
import { findFile } from "./find-file.ts";
import type { ByteSource } from "./source.ts";
import { zstdFrames } from "./zstd.ts";
import { decodeFrame } from "./zstd-decoders.ts";

// Made where they are needed: zlib is loaded by the first compressed cluster.
const inflaters = {
  "deflate-raw": {
    here: (...[data, options]: Deflated) => inflateRawSync(data, options),
    elsewhere: (...[data, options]: Deflated) => promisify(inflateRaw)(data, options),
  },
  zlib: {
    here: (...[data, options]: Deflated) => inflateSync(data, options),
    elsewhere: (...[data, options]: Deflated) => promisify(inflate)(data, options),
  },
} as const;
type Deflated = readonly [data: Uint8Array, options: ZlibOptions];

/** Bytes up to which a cluster is decompressed in place: the thread pool would take as long again (100 us) to be asked. */
const IN_PLACE = 128 << 10;
/** As many that are asked for together go to the threads all the same, so that every processor works; not the smallest. */
const TOGETHER = 8;
const SMALL = 16 << 10;
/** How many are asked for and not there yet. */
let asked = 0;

/** What image formats need of Node: files named in headers, decompression, ciphers. */
export const nodeHost = { openFile, findFile, decompress, digest, ciphers };

/** Opens the file `name` taken relative to the folder of the file `base`, as QEMU does. Throws `E_SOURCE_OPEN`. */
async function openFile(name: string, base: string): Promise<ByteSource> {
  return openFileSource(resolve(dirname(base), name));
}

async function ciphers(): Promise<Ciphers> {
  return (await import("./node-ciphers.ts")).nodeCiphers;
}

function digest(name: DigestName, data: Uint8Array): Uint8Array {
  return createHash(name).update(data).digest();
}

/**
 * One compressed cluster as exactly `size` bytes, or at least `least` of them. `data` may hold other bytes past the
 * stream's end, as qcow2's sector counts do. Throws `E_SOURCE_COMPRESSION`.
 */
async function decompress(kind: Compression, data: Uint8Array, size: number, least = size): Promise<Uint8Array> {
  asked++;
  try {
    // Whoever wants many has asked for all of them when this goes on.
    await Promise.resolve();
    const here = size <= SMALL || (size <= IN_PLACE && asked < TOGETHER);
    const plain = kind === "zstd" ? await decodeZstd(data, size, here) : await decodeDeflate(kind, data, size, here);
    if (plain.length >= least) return new Uint8Array(plain.buffer, plain.byteOffset, plain.length);
    throw new RangeError(`it gives ${plain.length} bytes instead of ${size}`);
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : String(cause);
    throw new GuestkitError("E_SOURCE_COMPRESSION", `Cannot decompress ${data.length} bytes of ${kind}: ${text}`, {
      cause,
      help: "The image is damaged: compare its size and sha256 with the original's.",
    });
  } finally {
    asked--;
  }
}

/** A full buffer is enough: the stream's own end may be missing, since readers stop at a full cluster. */
async function decodeDeflate(
  kind: keyof typeof inflaters,
  data: Uint8Array,
  size: number,
  isHere: boolean,
): Promise<Uint8Array> {
  const options = { ...limits(size, size), finishFlush: constants.Z_SYNC_FLUSH };
  const { here, elsewhere } = inflaters[kind];
  return isHere ? here(data, options) : elsewhere(data, options);
}

/** One buffer of the right size; `left` bytes may come. */
function limits(size: number, left: number) {
  return { chunkSize: Math.max(size, 64), maxOutputLength: left };
}

/** Frame by frame until `size` bytes are there: what follows belongs to the next cluster. */
async function decodeZstd(data: Uint8Array, size: number, isHere: boolean): Promise<Uint8Array> {
  const plain: Uint8Array[] = [];
  let length = 0;
  for (const frame of zstdFrames(data)) {
    const left = size - length;
    const piece = isHere ? zstdDecompressSync(frame, limits(size, left)) : await decodeFrame(frame, size, left);
    if (piece.length === size) return piece;
    plain.push(piece);
    length += piece.length;
    if (length === size) break;
  }
  return Buffer.concat(plain, length);
}
