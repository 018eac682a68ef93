import { struct, u32, u64 } from "../../kit/struct.ts";
import type { ByteSource } from "../../source/source.ts";
import { unreadable } from "./fault.ts";

/**
 * A snapshot's store: what was copied out of the way, chunk by chunk, little-endian. Source: Linux,
 * drivers/md/dm-snap-persistent.c.
 */
const diskHeader = struct("lvm2.disk_header", "little", 16, {
  magic: u32(0),
  valid: u32(4),
  version: u32(8),
  chunkSize: u32(12),
});
const diskException = struct("lvm2.disk_exception", "little", 16, { oldChunk: u64(0), newChunk: u64(8) });
/** "SnAp" */
const MAGIC = 0x70416e53;
const VERSION = 1;
/** Bytes of a chunk: the kernel's tools make 4 KiB to 512 KiB. */
const MOST_CHUNK = 64 << 20;
/** Runs of chunks that are kept in memory, 24 bytes each. */
const MOST_RUNS = 4 << 20;

export interface Exceptions {
  /** Bytes. */
  readonly chunk: number;
  /** Where a chunk lies in the store, null where it was never copied; that and `chunks` after it are alike. */
  find(chunk: number): { readonly place: number | null; readonly chunks: number };
}

/** Throws `E_LVM2_SNAPSHOT`. */
export async function readExceptions(store: ByteSource, name: string): Promise<Exceptions> {
  const chunk = await readHeader(store, name);
  const perArea = chunk / diskException.size;
  const runs = new Runs(name);
  const chunks = Math.floor(store.size / chunk);
  // The header's chunk, then a chunk of exceptions before the chunks that it tells of, again and again.
  for (let area = 1; area < chunks; area += perArea + 1) {
    const bytes = await store.read(area * chunk, chunk);
    for (let at = 0; at < chunk; at += diskException.size) {
      const { oldChunk, newChunk } = diskException.decode(bytes, at);
      if (newChunk === 0) return runs.sorted(chunk);
      if (newChunk >= chunks) throw damaged(name, `a chunk is said to lie at ${newChunk} of ${chunks}`);
      runs.add(oldChunk, newChunk);
    }
  }
  return runs.sorted(chunk);
}

async function readHeader(store: ByteSource, name: string): Promise<number> {
  const { magic, valid, version, chunkSize } = diskHeader.decode(await store.read(0, 512));
  if (magic === 0) throw damaged(name, "its store was never started");
  if (magic !== MAGIC) throw damaged(name, "its store has no mark");
  if (valid === 0) throw damaged(name, "it is invalid: its store was full when its origin was written to");
  if (version !== VERSION) throw damaged(name, `its store has version ${version}`);
  const chunk = chunkSize * 512;
  if (chunk < 512 || chunk > MOST_CHUNK || (chunk & (chunk - 1)) !== 0) {
    throw damaged(name, `the chunks of its store are ${chunk} bytes`);
  }
  return chunk;
}

function damaged(name: string, what: string) {
  return unreadable(name, "SNAPSHOT", what, "Its origin can be read.");
}

interface Run {
  readonly from: number;
  readonly to: number;
  length: number;
}

/** Exceptions as they come, runs of them as one. */
class Runs {
  readonly #name: string;
  readonly #runs: Run[] = [];

  constructor(name: string) {
    this.#name = name;
  }

  add(from: number, to: number): void {
    const last = this.#runs.at(-1);
    if (last && from === last.from + last.length && to === last.to + last.length) {
      last.length++;
      return;
    }
    if (this.#runs.length === MOST_RUNS) throw damaged(this.#name, `it has more than ${MOST_RUNS} runs of chunks`);
    this.#runs.push({ from, to, length: 1 });
  }

  sorted(chunk: number): Exceptions {
    const runs = this.#runs.toSorted((a, b) => a.from - b.from);
    const twice = runs.findIndex(
      (run, at) => at > 0 && (runs[at - 1] as Run).from + (runs[at - 1] as Run).length > run.from,
    );
    if (twice >= 0) throw damaged(this.#name, `the chunk ${runs[twice]?.from} is told of twice`);
    return { chunk, find: (wanted) => find(runs, wanted) };
  }
}

function find(runs: readonly Run[], wanted: number): { place: number | null; chunks: number } {
  let [low, high] = [0, runs.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const { from, length } = runs[middle] as Run;
    if (from + length > wanted) high = middle;
    else low = middle + 1;
  }
  const run = runs[low];
  if (!run) return { place: null, chunks: Number.MAX_SAFE_INTEGER };
  if (run.from > wanted) return { place: null, chunks: run.from - wanted };
  return { place: run.to + wanted - run.from, chunks: run.from + run.length - wanted };
}
