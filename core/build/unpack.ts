/** A compressed source, unpacked beside the image that is made of it: streamed, with holes for zeros, bounded. */
import { type FileHandle, open } from "node:fs/promises";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { constants, createGunzip, createZstdDecompress } from "node:zlib";
import { imageFormats, looksLike, refusalOf } from "../format/index.ts";
import { runStreaming } from "../host/program/process.ts";
import type { Context } from "../kit/context.ts";
import { atPlace, GuestkitError } from "../kit/errors.ts";
import { formatSize } from "../kit/size.ts";
import { memorySource } from "../source/memory.ts";
import type { FilePart } from "./hash.ts";
import { roomOf, writeHoled } from "./holed-file.ts";

/** Compressions that are unpacked. */
export type Packing = "gzip" | "xz" | "zstd" | "bzip2";

export interface Unpacking {
  /** What errors call it. */
  readonly name: string;
  readonly packing: Packing;
  /** The disk's declared size, bytes; what is plausible where null. */
  readonly size: number | null;
  /** What it is declared to hold, whatever it looks like: a raw disk, an archive. Null where nothing is said. */
  readonly holds: "raw" | "archive" | null;
  /** The part of the file that is unpacked; all of it where left out. */
  readonly part?: FilePart;
}

/** The largest disk of an MBR: nobody packs more without a word. */
const PLAUSIBLE = 2 * 2 ** 40;
const HEAD = 128 << 10;
/** What tells a fixed VHD from a raw disk stands behind it. */
const VHD_FOOTER = 512;
/** A dictionary that asks for more memory is refused: 128 MiB are zstd's default, and more than `xz -9` asks for. */
const WINDOW_LOG = 27;
const XZ_MEMORY = "--memlimit-decompress=256MiB";

export const asPacking = (format: string | null): Packing | null =>
  format === "gzip" || format === "xz" || format === "zstd" || format === "bzip2" ? format : null;

/**
 * Unpacks `packed` into a new file at `path`, of this user alone, and gives that open. Its length is bounded by the declared
 * size, or by what its own header or a disk of our days makes plausible, and by the free space.
 * Throws `E_SOURCE_PACKED`, `E_SOURCE_UNPACKED_SIZE`, `E_SOURCE_SPACE`, `E_SOURCE_FORMAT`, `E_TOOL_MISSING`.
 */
export async function unpack(
  packed: FileHandle,
  path: string,
  wanted: Unpacking,
  context: Context,
): Promise<FileHandle> {
  const file = await open(path, "wx+", 0o600);
  try {
    await read(packed, wanted, context.signal, (pieces) => keep(file, path, pieces, wanted, context));
    return file;
  } catch (error) {
    await file.close();
    context.signal.throwIfAborted();
    const isOurs = error instanceof GuestkitError && error.code !== "E_TOOL_FAILED";
    throw isOurs ? error : damaged(wanted, error);
  }
}

type Take = (pieces: AsyncIterable<Buffer>) => Promise<void>;

/** Node has gzip and zstd itself, on threads of its own; xz and bzip2 are the system's programs. */
async function read(packed: FileHandle, wanted: Unpacking, signal: AbortSignal, take: Take): Promise<void> {
  const { packing, part } = wanted;
  if (packing === "xz" || packing === "bzip2") {
    // Another description of the same file: this one starts at the beginning, and moves nobody's place.
    await using input = await open(`/proc/self/fd/${packed.fd}`);
    const args = packing === "xz" ? ["-dc", XZ_MEMORY] : ["-dc"];
    return await runStreaming(packing, args, { input: input.fd, signal, doing: "unpack the source" }, take);
  }
  const chunkSize = 256 << 10;
  const window = { [constants.ZSTD_d_windowLogMax]: WINDOW_LOG };
  const inflate =
    packing === "gzip" ? createGunzip({ chunkSize }) : createZstdDecompress({ chunkSize, params: window });
  const bytes: Readable = packed.createReadStream({
    ...{ start: part?.start ?? 0, autoClose: false, highWaterMark: chunkSize },
    ...(part && { end: part.end - 1 }),
  });
  await pipeline(bytes, inflate, take, { signal });
}

function damaged({ name, packing }: Unpacking, cause: unknown): GuestkitError {
  return new GuestkitError("E_SOURCE_PACKED", `Cannot unpack "${name}": its ${packing} data is damaged or cut off`, {
    cause,
    at: { field: ["source", "url"] },
    help: "Fetch it again, and compare its digest with the publisher's (source.sha256).",
  });
}

async function keep(
  file: FileHandle,
  path: string,
  pieces: AsyncIterable<Buffer>,
  wanted: Unpacking,
  context: Context,
): Promise<void> {
  const room = roomOf(path, `unpack "${wanted.name}"`);
  let most: number | null = null;
  let head = Buffer.alloc(0);
  let at = 0;
  for await (const piece of pieces) {
    context.signal.throwIfAborted();
    if (most === null) {
      head = Buffer.concat([head, piece.subarray(0, HEAD - head.length)]);
      if (head.length === HEAD) most = await mostOf(head, wanted);
    }
    if (at + piece.length > (most ?? HEAD)) throw tooLong(wanted, most ?? HEAD);
    await room(await writeHoled(file, path, piece, at));
    at += piece.length;
    context.progress({ phase: "unpacking", done: at, unit: "bytes", detail: wanted.name });
  }
  await atPlace(path, () => file.truncate(at));
}

/** Bytes that it may have, by its start. What is evidently no disk is refused before all of it is unpacked. */
async function mostOf(head: Uint8Array, { name, size, holds }: Unpacking): Promise<number> {
  const { format } = await looksLike(memorySource(head, name));
  if (format === "qcow2") return qcow2Most(head);
  if (holds === "archive") return PLAUSIBLE;
  if (holds === "raw" || format === null) return size === null ? PLAUSIBLE : size + VHD_FOOTER;
  if (format === "ova") return PLAUSIBLE;
  if (isImage(format)) return size === null ? PLAUSIBLE : aroundDisk(size);
  const { why, help } = refusalOf(format, name, head.length);
  const at = { field: ["source", "url"] };
  throw new GuestkitError("E_SOURCE_FORMAT", `Cannot use what "${name}" holds: ${why}`, { help, at });
}

/** The disk's number of bytes stands at 24. */
function qcow2Most(head: Uint8Array): number {
  return aroundDisk(Number(new DataView(head.buffer, head.byteOffset).getBigUint64(24)));
}

/** Tables, snapshots and a memory state beside the disk's own bytes. */
const aroundDisk = (size: number): number => Math.min(PLAUSIBLE, 4 * size + 2 ** 30);

const isImage = (format: string): boolean => imageFormats.some(({ name }) => name === format);

function tooLong({ name, size }: Unpacking, most: number): GuestkitError {
  const message = `Cannot unpack "${name}": it holds more than ${formatSize(most)} (${most} bytes)`;
  return new GuestkitError("E_SOURCE_UNPACKED_SIZE", message, {
    at: { field: size === null ? ["source", "url"] : ["size"] },
    help: "Where the disk is meant to be so large, set size to what it has.",
  });
}
