import type { ByteSource } from "../source/source.ts";
import { BLOCK } from "./header.ts";

/** A stretch of data in a sparse file. */
export interface Stretch {
  readonly offset: number;
  readonly length: number;
}

/** Holes that are worth a map: bytes. */
const LEAST = 64 << 10;
/** Files of more stretches than this are written whole. */
const MOST_STRETCHES = 100_000;

/** Whether it may have holes that are worth a map. */
export function mayBeSparse({ size, extent }: ByteSource): boolean {
  return extent !== undefined && size >= LEAST;
}

/** The data of a file that is worth being stored without its holes, else null. */
export async function findStretches(source: ByteSource): Promise<readonly Stretch[] | null> {
  if (!source.extent || !mayBeSparse(source)) return null;
  const data: { offset: number; length: number }[] = [];
  let holes = 0;
  for (let at = 0; at < source.size; ) {
    const { length, zero } = await source.extent(at, source.size - at);
    const last = data.at(-1);
    if (zero) holes += length;
    else if (last && last.offset + last.length === at) last.length += length;
    else data.push({ offset: at, length });
    at += length;
    if (data.length > MOST_STRETCHES) return null;
  }
  return holes >= LEAST ? data : null;
}

/** The map of GNU's sparse format 1.0, which stands before the data; whole blocks. */
export function sparseMap(stretches: readonly Stretch[], size: number): string {
  const all = [...stretches, { offset: size, length: 0 }];
  const text = `${all.length}\n${all.map(({ offset, length }) => `${offset}\n${length}\n`).join("")}`;
  return text.padEnd(Math.ceil(text.length / BLOCK) * BLOCK, "\0");
}
