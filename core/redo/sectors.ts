import { hash } from "node:crypto";
import type { ByteSource } from "../source/source.ts";
import type { Log } from "./log.ts";

/** What a write may leave half done: a disk writes no less at once (bytes). */
const SECTOR = 512;
/** Bytes of a sha256 that are kept of a sector. */
const DIGEST = 16;
/** Bytes before the digests of a run: where it starts, and how many sectors it has. */
const HEAD = 16;
/** Bytes that are compared at once. */
const CHUNK = 1 << 20;
const ZEROS = digestOf(new Uint8Array(SECTOR));
const BLANK = new Uint8Array(CHUNK);

function digestOf(sector: Uint8Array): Buffer {
  return hash("sha256", sector, "buffer").subarray(0, DIGEST);
}

/**
 * The digests of what a log is to be laid over: of each sector that it changes, in runs of neighbours, by offset. Sectors
 * that it covers and leaves as they are need none: there the old bytes are the log's own.
 */
export async function oldSectors(log: Log, image: ByteSource, signal: AbortSignal): Promise<Buffer> {
  const parts: Buffer[] = [];
  let [start, run]: [number, Buffer[]] = [0, []];
  const endRun = () => {
    if (run.length > 0) parts.push(headOf(start, run.length), ...run);
    run = [];
  };
  for await (const { offset, now, wanted } of compared(log, image, signal)) {
    for (const at of differing(now, wanted)) {
      if (offset + at !== start + run.length * SECTOR) endRun();
      if (run.length === 0) start = offset + at;
      const sector = now.subarray(at, at + SECTOR);
      run.push(isBlank(sector) ? ZEROS : digestOf(sector));
    }
  }
  endRun();
  return Buffer.concat(parts);
}

/**
 * Where the image holds neither what the log was made over nor the log's own bytes, so that somebody wrote to it since;
 * null where nobody did. `old` is what `oldSectors` gave.
 */
export async function foreignSector(
  log: Log,
  image: ByteSource,
  old: Uint8Array,
  signal: AbortSignal,
): Promise<number | null> {
  const known = new OldSectors(Buffer.from(old.buffer, old.byteOffset, old.length));
  for await (const { offset, now, wanted } of compared(log, image, signal)) {
    const foreign = differing(now, wanted).find((at) => !known.has(offset + at, now.subarray(at, at + SECTOR)));
    if (foreign !== undefined) return offset + foreign;
  }
  return null;
}

/** A stretch that the log covers: the image's bytes and the log's, both of whole sectors, zeros past their ends. */
interface Compared {
  readonly offset: number;
  readonly now: Uint8Array;
  readonly wanted: Uint8Array;
}

async function* compared(log: Log, image: ByteSource, signal: AbortSignal): AsyncGenerator<Compared> {
  for await (const { offset, length } of log.covered(signal)) {
    for (let at = offset; at < offset + length; at += CHUNK) {
      const size = Math.min(CHUNK, offset + length - at);
      yield {
        offset: at,
        now: await readPadded(image, at, size, signal),
        wanted: await readPadded(log.image, at, size, signal),
      };
    }
  }
}

async function readPadded(
  source: ByteSource,
  offset: number,
  length: number,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const whole = Math.ceil(length / SECTOR) * SECTOR;
  const there = Math.max(0, Math.min(length, source.size - offset));
  const bytes = there > 0 ? await source.read(offset, there, signal) : new Uint8Array(0);
  if (there === whole) return bytes;
  const padded = new Uint8Array(whole);
  padded.set(bytes);
  return padded;
}

/** Offsets of the sectors in which two stretches differ. */
function differing(now: Uint8Array, wanted: Uint8Array): number[] {
  if (Buffer.compare(now, wanted) === 0) return [];
  const found: number[] = [];
  for (let at = 0; at < now.length; at += SECTOR) {
    if (Buffer.compare(now.subarray(at, at + SECTOR), wanted.subarray(at, at + SECTOR)) !== 0) found.push(at);
  }
  return found;
}

function isBlank(sector: Uint8Array): boolean {
  return Buffer.compare(sector, BLANK.subarray(0, sector.length)) === 0;
}

function headOf(start: number, sectors: number): Buffer {
  const head = Buffer.alloc(HEAD);
  head.writeBigUInt64BE(BigInt(start), 0);
  head.writeUInt32BE(sectors, 8);
  return head;
}

/** The digests again, asked for by ascending offset. */
class OldSectors {
  readonly #table: Buffer;
  #at = 0;

  constructor(table: Buffer) {
    this.#table = table;
  }

  has(offset: number, sector: Uint8Array): boolean {
    for (; this.#at + HEAD <= this.#table.length; ) {
      const start = Number(this.#table.readBigUInt64BE(this.#at));
      const sectors = this.#table.readUInt32BE(this.#at + 8);
      const index = (offset - start) / SECTOR;
      if (index < 0) return false;
      if (index < sectors) {
        const at = this.#at + HEAD + index * DIGEST;
        return this.#table.subarray(at, at + DIGEST).equals(digestOf(sector));
      }
      this.#at += HEAD + sectors * DIGEST;
    }
    return false;
  }
}
