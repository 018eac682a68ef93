import { Readable, type Transform } from "node:stream";
import { createGunzip, createZstdDecompress } from "node:zlib";
import { CpioNames } from "../../guest/cpio.ts";
import { moduleName } from "../../guest/kernel-modules.ts";
import { type Budget, isRefusal } from "../../kit/budget.ts";
import { type ByteSource, stream } from "../../source/source.ts";

/** Bytes unpacked of one RAM disk at most: those of today end below 200 MiB. */
const MAX_UNPACKED = 256 << 20;
/** Archives laid one after another in front of the packed one: microcode, modules. */
const MAX_ARCHIVES = 8;
/** The best of what was tried: smaller ones cost turns, larger ones collections. */
const PIECE = 256 << 10;

/**
 * The modules of `wanted` that an initial RAM disk holds, whose drivers the kernel has before there is a root. Reading
 * ends when all were found. Null where its packing is not read (xz, lz4, lzma) or it is no archive.
 */
export async function initramfsModules(
  source: ByteSource,
  wanted: ReadonlySet<string>,
  budget: Budget,
): Promise<readonly string[] | null> {
  const found = new Set<string>();
  const note = (names: readonly string[]) => {
    for (const name of names) {
      const module = name.includes(".ko") ? moduleName(name) : null;
      if (module !== null && wanted.has(module)) found.add(module);
    }
    return found.size === wanted.size;
  };
  if (wanted.size === 0) return [];
  let at = 0;
  for (let archive = 0; archive < MAX_ARCHIVES; archive++) {
    const head = at + 6 <= source.size ? await source.read(at, 6) : new Uint8Array(0);
    if (String.fromCharCode(...head.subarray(0, 5)) !== "07070") {
      const unpack = unpacker(head);
      if (unpack) return (await unpacked(source, at, unpack, note, budget)) ? [...found] : null;
      return archive > 0 && head.length === 0 ? [...found] : null;
    }
    const end = await plain(source, at, note, budget);
    if (end === null) return [...found];
    at = await afterZeros(source, end);
  }
  return null;
}

/** Reads an archive that is not packed; gives where it ends, null where all was found before. */
async function plain(
  source: ByteSource,
  start: number,
  note: (names: readonly string[]) => boolean,
  budget: Budget,
): Promise<number | null> {
  const cpio = new CpioNames();
  for await (const piece of stream(source, { start, chunk: PIECE })) {
    budget.spend("bytes", piece.length);
    if (note(cpio.push(piece))) return null;
    if (cpio.ended) break;
  }
  return start + cpio.position;
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

function unpacker(head: Uint8Array): (() => Transform) | null {
  if (head[0] === 0x1f && head[1] === 0x8b) return () => createGunzip({ chunkSize: PIECE });
  const zstd = head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd;
  return zstd ? () => createZstdDecompress({ chunkSize: PIECE }) : null;
}

/** Whether it was read as far as was needed; a damaged one was not. */
async function unpacked(
  source: ByteSource,
  start: number,
  unpack: () => Transform,
  note: (names: readonly string[]) => boolean,
  budget: Budget,
): Promise<boolean> {
  const cpio = new CpioNames();
  const packed = Readable.from(stream(source, { start, chunk: PIECE }), { objectMode: true, highWaterMark: 2 });
  const plain = unpack();
  packed.on("error", (error) => plain.destroy(error));
  packed.pipe(plain);
  let total = 0;
  try {
    for await (const piece of plain as AsyncIterable<Uint8Array>) {
      total += piece.length;
      budget.spend("bytes", piece.length);
      if (note(cpio.push(piece)) || cpio.ended) return true;
      if (total > MAX_UNPACKED) return false;
    }
    return cpio.ended;
  } catch (error) {
    if (isRefusal(error)) throw error;
    return cpio.ended;
  } finally {
    packed.destroy();
    plain.destroy();
  }
}
