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
/** Runs of chunks that are kept in memory, 24 bytes each, and twice that while they are sorted. */
const MOST_RUNS = 1 << 20;

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

/** Exceptions as they come, runs of them as one: numbers in arrays, since an object for each would take the triple. */
class Runs {
  readonly #name: string;
  #count = 0;
  #from = new Float64Array(64);
  #to = new Float64Array(64);
  #length = new Float64Array(64);

  constructor(name: string) {
    this.#name = name;
  }

  add(from: number, to: number): void {
    const last = this.#count - 1;
    const length = this.#length[last] ?? 0;
    if (last >= 0 && from === (this.#from[last] ?? 0) + length && to === (this.#to[last] ?? 0) + length) {
      this.#length[last] = length + 1;
      return;
    }
    if (this.#count === MOST_RUNS) throw damaged(this.#name, `it has more than ${MOST_RUNS} runs of chunks`);
    if (this.#count === this.#from.length) this.#grow();
    this.#from[this.#count] = from;
    this.#to[this.#count] = to;
    this.#length[this.#count++] = 1;
  }

  #grow(): void {
    [this.#from, this.#to, this.#length] = [this.#from, this.#to, this.#length].map(doubled) as [
      Float64Array<ArrayBuffer>,
      Float64Array<ArrayBuffer>,
      Float64Array<ArrayBuffer>,
    ];
  }

  sorted(chunk: number): Exceptions {
    const order = this.#order();
    const runs = (values: Float64Array) => Float64Array.from(order, (index) => values[index] ?? 0);
    const [from, to, length] = [runs(this.#from), runs(this.#to), runs(this.#length)];
    const twice = from.findIndex((start, at) => at > 0 && (from[at - 1] ?? 0) + (length[at - 1] ?? 0) > start);
    if (twice >= 0) throw damaged(this.#name, `the chunk ${from[twice]} is told of twice`);
    return { chunk, find: (wanted) => find({ from, to, length }, wanted) };
  }

  #order(): Uint32Array {
    const from = this.#from;
    return Uint32Array.from({ length: this.#count }, (_, index) => index).sort(
      (a, b) => (from[a] ?? 0) - (from[b] ?? 0),
    );
  }
}

function doubled(values: Float64Array): Float64Array<ArrayBuffer> {
  const wider = new Float64Array(2 * values.length);
  wider.set(values);
  return wider;
}

/** In the order of `from`; each one's place among them is the same in all three. */
interface SortedRuns {
  readonly from: Float64Array;
  readonly to: Float64Array;
  readonly length: Float64Array;
}

function find({ from, to, length }: SortedRuns, wanted: number): { place: number | null; chunks: number } {
  let [low, high] = [0, from.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((from[middle] ?? 0) + (length[middle] ?? 0) > wanted) high = middle;
    else low = middle + 1;
  }
  const [start, place, chunks] = [from[low], to[low] ?? 0, length[low] ?? 0];
  if (start === undefined) return { place: null, chunks: Number.MAX_SAFE_INTEGER };
  if (start > wanted) return { place: null, chunks: start - wanted };
  return { place: place + wanted - start, chunks: start + chunks - wanted };
}
