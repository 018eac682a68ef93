/** What an image says that it does not store. */
import type { ByteSource } from "../../../core/source/source.ts";

export type Range = readonly [start: number, end: number];

/** Stretches that read as zeros without being stored, in their order; bytes. */
export async function zeroRuns(image: Pick<ByteSource, "size" | "extent">): Promise<Range[]> {
  const runs: Range[] = [];
  for (let at = 0; at < image.size; ) {
    const { length, zero } = (await image.extent?.(at, image.size - at)) ?? { length: image.size - at, zero: false };
    if (zero) runs.push([at, at + length]);
    at += length;
  }
  return runs;
}

/** How many of the bytes from `start` to `end` they cover. */
export const covered = (runs: readonly Range[], start: number, end: number): number =>
  runs.reduce((sum, [from, to]) => sum + Math.max(0, Math.min(to, end) - Math.max(from, start)), 0);
