/** A compressed source, unpacked beside the image that is made of it: streamed, with holes for zeros, bounded. */
import { type FileHandle, open, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { constants, createGunzip, createZstdDecompress } from "node:zlib";
import { looksLike, refusalOf } from "../format/index.ts";
import { runStreaming } from "../host/program/process.ts";
import { writeAll } from "../host/write-file.ts";
import type { Context } from "../kit/context.ts";
import { atPlace, GuestkitError } from "../kit/errors.ts";
import { formatSize } from "../kit/size.ts";
import { memorySource } from "../source/memory.ts";

/** Compressions that are unpacked. */
export type Packing = "gzip" | "xz" | "zstd" | "bzip2";

export interface Unpacking {
  /** What errors call it. */
  readonly name: string;
  readonly packing: Packing;
  /** The disk's declared size, bytes; what is plausible where null. */
  readonly size: number | null;
  /** It is declared to hold a raw disk, whatever it looks like. */
  readonly isRaw: boolean;
}

/** The largest disk of an MBR: nobody packs more without a word. */
const PLAUSIBLE = 2 * 2 ** 40;
/** What unpacking leaves free on the file system: so many bytes, of a small one a twentieth. */
const RESERVE = 128 << 20;
const PART = 20;
const HEAD = 128 << 10;
const BLOCK = 64 << 10;
/** Bytes that are written between two looks at the free space. */
const LOOK = 32 << 20;
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
async function read(packed: FileHandle, { packing }: Unpacking, signal: AbortSignal, take: Take): Promise<void> {
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
  const bytes: Readable = packed.createReadStream({ start: 0, autoClose: false, highWaterMark: chunkSize });
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
  const room = roomOf(path, wanted);
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
async function mostOf(head: Uint8Array, { name, size, isRaw }: Unpacking): Promise<number> {
  const { format } = await looksLike(memorySource(head, name));
  if (format === "qcow2") return qcow2Most(head);
  if (isRaw || format === null) return size ?? PLAUSIBLE;
  const { why, help } = refusalOf(format, name, head.length);
  const at = { field: ["source", "url"] };
  throw new GuestkitError("E_SOURCE_FORMAT", `Cannot use what "${name}" holds: ${why}`, { help, at });
}

/** Tables, snapshots and a memory state beside the disk's own bytes, whose number stands at 24. */
function qcow2Most(head: Uint8Array): number {
  const size = Number(new DataView(head.buffer, head.byteOffset).getBigUint64(24));
  return Math.min(PLAUSIBLE, 4 * size + 2 ** 30);
}

function tooLong({ name, size }: Unpacking, most: number): GuestkitError {
  const message = `Cannot unpack "${name}": it holds more than ${formatSize(most)} (${most} bytes)`;
  return new GuestkitError("E_SOURCE_UNPACKED_SIZE", message, {
    at: { field: size === null ? ["source", "url"] : ["size"] },
    help: "Where the disk is meant to be so large, set size to what it has.",
  });
}

const ZEROS = Buffer.alloc(BLOCK);

/** Gives the bytes that were written: zeros are left as holes. */
async function writeHoled(file: FileHandle, path: string, piece: Buffer, at: number): Promise<number> {
  let written = 0;
  for (let start = 0; start < piece.length; start += BLOCK) {
    const block = piece.subarray(start, start + BLOCK);
    if (ZEROS.compare(block, 0, block.length, 0, block.length) === 0) continue;
    await writeAll(file, path, block, at + start);
    written += block.length;
  }
  return written;
}

/** Told of each write, it looks at what is left on the file system now and then. */
function roomOf(path: string, { name }: Unpacking): (written: number) => Promise<void> {
  let since = LOOK;
  return async (written) => {
    since += written;
    if (since < LOOK) return;
    since = 0;
    const { bavail, blocks, bsize } = await statfs(dirname(path));
    const reserve = Math.min(RESERVE, Math.ceil((blocks * bsize) / PART));
    if (bavail * bsize >= reserve) return;
    const message = `Cannot unpack "${name}": less than ${formatSize(reserve)} are left in "${dirname(path)}"`;
    throw new GuestkitError("E_SOURCE_SPACE", message, { help: "Make room there, or put the image elsewhere." });
  };
}
