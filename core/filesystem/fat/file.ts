import { type ByteSource, checkBounds } from "../../source/source.ts";
import type { ChainReader, Run } from "./chain.ts";

/** `size` bytes that lie in `runs` of clusters. */
export function clusterSource(source: ByteSource, chains: ChainReader, runs: readonly Run[], size: number): ByteSource {
  const { clusterSize } = chains.volume;
  const starts = runStarts(runs);
  const self = { name: source.name, size };
  return {
    ...self,
    read: async (offset, length, signal) => {
      checkBounds(self, offset, length);
      const result = new Uint8Array(length);
      let index = runAt(starts, Math.floor(offset / clusterSize));
      for (let done = 0; done < length; index++) {
        const run = runs[index] as Run;
        const within = offset + done - (starts[index] as number) * clusterSize;
        const piece = Math.min(run.count * clusterSize - within, length - done);
        const at = chains.offsetOf(run.start) + within;
        if (piece === length) return source.read(at, length, signal);
        result.set(await source.read(at, piece, signal), done);
        done += piece;
      }
      return result;
    },
    [Symbol.asyncDispose]: async () => {},
  };
}

/** The number of each run's first cluster within the file. */
function runStarts(runs: readonly Run[]): readonly number[] {
  const starts: number[] = [];
  let total = 0;
  for (const run of runs) {
    starts.push(total);
    total += run.count;
  }
  return starts;
}

/** The last run that starts at or before the file's cluster `wanted`. */
function runAt(starts: readonly number[], wanted: number): number {
  let low = 0;
  for (let high = starts.length - 1; low < high; ) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] as number) <= wanted) low = middle;
    else high = middle - 1;
  }
  return low;
}
