import { GuestkitError } from "../../kit/errors.ts";
import type { Packing, Unpack } from "../../source/packing.ts";
import { type ByteSource, stream } from "../../source/source.ts";
import { CpioArchives, CpioNames } from "../cpio.ts";
import { LZ4_MAGIC, unpackLz4Frames } from "./lz4.ts";

/** One archive of an initial RAM disk, or several that are packed together. */
export interface InitramfsPart {
  /** Bytes from the file's start. */
  readonly offset: number;
  /** Null where it is not packed, as microcode for the kernel's first moments is. */
  readonly packing: Packing | "lz4" | null;
  /** Names in it, folders among them. */
  readonly names: number;
  /** Bytes, unpacked. */
  readonly size: number;
}

export interface Walk {
  readonly unpack: Unpack;
  /** Bytes that may be unpacked. */
  readonly most: number;
  /** Counts bytes before they are read; throws where they are too many. */
  charge(bytes: number): void;
  /** Names as they come; true where no more are wanted. */
  note(names: readonly string[]): boolean;
}

/** Archives before the packed one: microcode, ACPI tables, modules. */
const MAX_PARTS = 64;
const PIECE = 256 << 10;
const HEAD = 6;

/**
 * Walks an initial RAM disk as the kernel unpacks it (Documentation/driver-api/early-userspace/buffer-format.rst):
 * archives one after another, the last of which may be packed. Memory does not grow with it. Throws `E_INITRAMFS` of what
 * is none, damaged, or larger than `most`; what `unpack` throws.
 */
export async function walkInitramfs(source: ByteSource, walk: Walk): Promise<readonly InitramfsPart[]> {
  const parts: InitramfsPart[] = [];
  for (let at = 0; at < source.size; ) {
    if (parts.length === MAX_PARTS) throw fault(`it has more than ${MAX_PARTS} archives`);
    const head = await source.read(at, Math.min(HEAD, source.size - at));
    const packing = packingOf(head);
    const part = packing === null ? await plain(source, at, walk) : await packed(source, at, packing, walk);
    parts.push(part.told);
    if (part.end === null) break;
    at = await afterZeros(source, part.end);
  }
  if (parts.length === 0) throw fault("it is empty");
  return parts;
}

/** `end`: where the next one may begin; null where there is none, or no more is wanted. */
interface Walked {
  readonly told: InitramfsPart;
  readonly end: number | null;
}

const MAGICS: readonly (readonly [packing: Packing | "lz4", magic: readonly number[]])[] = [
  ["gzip", [0x1f, 0x8b]],
  ["zstd", [0x28, 0xb5, 0x2f, 0xfd]],
  ["xz", [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ["bzip2", [0x42, 0x5a, 0x68]],
  ["lzma", [0x5d, 0x00, 0x00]],
  ["lz4", [LZ4_MAGIC & 255, (LZ4_MAGIC >> 8) & 255, (LZ4_MAGIC >> 16) & 255, LZ4_MAGIC >> 24]],
];

/** Null where it is an archive as it is. Throws `E_INITRAMFS`. */
function packingOf(head: Uint8Array): Packing | "lz4" | null {
  if (String.fromCharCode(...head.subarray(0, 5)) === "07070") return null;
  const found = MAGICS.find(([, magic]) => magic.every((byte, at) => head[at] === byte));
  if (!found) throw fault("its packing is not known, or it is no archive");
  return found[0];
}

async function plain(source: ByteSource, offset: number, { charge, note }: Walk): Promise<Walked> {
  const cpio = new CpioNames();
  let [names, isEnough] = [0, false];
  for await (const piece of charged(source, offset, charge)) {
    const found = cpio.push(piece);
    names += found.length;
    isEnough = note(found);
    if (isEnough || cpio.ended) break;
  }
  if (!isEnough && !cpio.complete) throw fault("an archive is damaged or cut off");
  const told = { offset, packing: null, names, size: cpio.position };
  return { told, end: isEnough ? null : offset + cpio.position };
}

async function packed(source: ByteSource, offset: number, packing: Packing | "lz4", walk: Walk): Promise<Walked> {
  const archives = new CpioArchives();
  let [names, size, isEnough] = [0, 0, false];
  const take = async (pieces: AsyncIterable<Uint8Array>) => {
    for await (const piece of pieces) {
      size += piece.length;
      if (size > walk.most) throw fault(`it unpacks to more than ${walk.most} bytes`);
      const found = archives.push(piece);
      names += found.length;
      isEnough = walk.note(found);
      if (isEnough || archives.ended) return;
    }
  };
  const bytes = charged(source, offset, walk.charge);
  try {
    if (packing === "lz4") await take(unpackLz4Frames(bytes));
    else await walk.unpack(packing, bytes, take);
  } catch (error) {
    // What lies behind the archive's own end is of no concern to the kernel either.
    if (!(error instanceof GuestkitError && error.code === "E_UNPACK" && archives.complete)) throw error;
  }
  if (!isEnough && !archives.complete) throw fault("what is packed in it is damaged or cut off");
  return { told: { offset, packing, names, size }, end: null };
}

async function* charged(source: ByteSource, start: number, charge: Walk["charge"]): AsyncGenerator<Uint8Array> {
  for await (const piece of stream(source, { start, chunk: PIECE })) {
    charge(piece.length);
    yield piece;
  }
}

/** Archives are padded with zeros. */
async function afterZeros(source: ByteSource, start: number): Promise<number> {
  for (let at = start; at < source.size; at += 4096) {
    const piece = await source.read(at, Math.min(4096, source.size - at));
    const index = piece.findIndex((byte) => byte !== 0);
    if (index >= 0) return at + index;
  }
  return source.size;
}

const fault = (what: string): GuestkitError =>
  new GuestkitError("E_INITRAMFS", `Cannot read the initial RAM disk: ${what}`, {
    help: "See what the guest's own tool says of it (lsinitramfs, lsinitrd), and have it made anew (update-initramfs -u, dracut -f).",
  });
