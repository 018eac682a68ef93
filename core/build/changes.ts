import { type FileHandle, open } from "node:fs/promises";
import { qemuImg } from "../qemu/block/img.ts";
import { type ImageFile, imageNode, nodeName } from "../qemu/block/node.ts";
import type { ByteSource } from "../source/source.ts";
import type { ByteRange } from "../volume/index.ts";

/** What is compared, and what is written at least (bytes). */
const BLOCK = 4096;
/** What is read, and handed on at most (bytes). */
const CHUNK = 1 << 20;

/** A run of a file: a hole reads as zeros and need not be read. */
interface Run {
  readonly end: number;
  readonly hole: boolean;
}

/**
 * Where the raw file differs from `old` (zeros past its end), in whole blocks. Holes that are on both sides are never
 * read, so that a large and mostly empty disk costs what it holds.
 */
export async function* changedRanges(
  old: ByteSource,
  raw: ImageFile,
  size: number,
  signal: AbortSignal,
): AsyncGenerator<ByteRange> {
  const runs = await mapRuns(raw, signal);
  const handle = await open(raw.path, "r");
  try {
    for (let at = 0; at < size; ) {
      signal.throwIfAborted();
      const [before, after] = [await oldRun(old, at, size, signal), runAt(runs, at, size)];
      if (before.hole && after.hole) {
        at = Math.min(before.end, after.end);
        continue;
      }
      const length = Math.min(CHUNK, size - at);
      yield* differing(await readOld(old, at, length, signal), await readRaw(handle, at, length), at);
      at += length;
    }
  } finally {
    await handle.close();
  }
}

async function mapRuns(raw: ImageFile, signal: AbortSignal): Promise<readonly Run[]> {
  const { stdout } = await qemuImg(["map", "--output=json", nodeName(imageNode(raw))], { signal });
  const found = JSON.parse(stdout) as readonly { start: number; length: number; zero: boolean; data: boolean }[];
  return found.map(({ start, length, zero, data }) => ({ end: start + length, hole: zero && !data }));
}

/** The run around `at`; what the map does not tell is taken for data. */
function runAt(runs: readonly Run[], at: number, size: number): Run {
  let [low, high] = [0, runs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((runs[middle]?.end ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return runs[low] ?? { end: size, hole: false };
}

async function oldRun(old: ByteSource, at: number, size: number, signal: AbortSignal): Promise<Run> {
  if (at >= old.size) return { end: size, hole: true };
  if (!old.extent) return { end: old.size, hole: false };
  const { length, zero } = await old.extent(at, old.size - at, signal);
  return { end: at + length, hole: zero };
}

async function readOld(old: ByteSource, at: number, length: number, signal: AbortSignal): Promise<Uint8Array> {
  const there = Math.max(0, Math.min(length, old.size - at));
  const bytes = there > 0 ? await old.read(at, there, signal) : new Uint8Array(0);
  if (there === length) return bytes;
  const padded = new Uint8Array(length);
  padded.set(bytes);
  return padded;
}

async function readRaw(handle: FileHandle, at: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const { bytesRead } = await handle.read(bytes, done, length - done, at + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return bytes;
}

/** Neighbouring blocks that differ, put together. */
function* differing(before: Uint8Array, after: Uint8Array, offset: number): Generator<ByteRange> {
  let start = -1;
  for (let at = 0; at < after.length + BLOCK; at += BLOCK) {
    const differs = at < after.length && isDifferent(before, after, at);
    if (differs && start < 0) start = at;
    if (differs || start < 0) continue;
    yield { offset: offset + start, bytes: after.subarray(start, Math.min(at, after.length)) };
    start = -1;
  }
}

function isDifferent(before: Uint8Array, after: Uint8Array, at: number): boolean {
  const end = Math.min(at + BLOCK, after.length);
  return Buffer.compare(before.subarray(at, end), after.subarray(at, end)) !== 0;
}
