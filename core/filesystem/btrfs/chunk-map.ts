import type { Chunk } from "./chunk.ts";

/** The chunks in order of their addresses; none overlaps another. */
export class ChunkMap {
  readonly all: readonly Chunk[];
  #recent: Chunk | undefined;

  constructor(chunks: Iterable<Chunk>) {
    this.all = [...chunks].sort((a, b) => a.start - b.start);
  }

  /** The first two that share addresses. */
  overlap(): readonly [Chunk, Chunk] | null {
    for (let at = 1; at < this.all.length; at++) {
      const [before, after] = [this.all[at - 1] as Chunk, this.all[at] as Chunk];
      if (before.start + before.length > after.start) return [before, after];
    }
    return null;
  }

  find(address: number): Chunk | undefined {
    if (holds(this.#recent, address)) return this.#recent;
    let [low, high] = [0, this.all.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.all[middle] as Chunk).start <= address) low = middle + 1;
      else high = middle;
    }
    const found = this.all[low - 1];
    if (!holds(found, address)) return undefined;
    this.#recent = found;
    return found;
  }
}

function holds(chunk: Chunk | undefined, address: number): boolean {
  return chunk !== undefined && address >= chunk.start && address < chunk.start + chunk.length;
}
