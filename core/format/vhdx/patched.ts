import { type ByteSource, checkBounds, filling, readInto } from "../../source/source.ts";

/** A stretch of a file that reads otherwise than it is stored; zeros where there are no bytes. */
export interface Patch {
  readonly start: number;
  readonly end: number;
  readonly bytes: Uint8Array | null;
}

/** `size` bytes of `source`, zeros behind its end, with `patches` over it: later ones over earlier ones. Closes it. */
export function patchedSource(source: ByteSource, patches: readonly Patch[], size: number): ByteSource {
  const { name } = source;
  const parts = apart(patches);
  const fill: NonNullable<ByteSource["readInto"]> = async (offset, target, signal) => {
    checkBounds({ name, size }, offset, target.length);
    const stored = Math.max(0, Math.min(target.length, source.size - offset));
    if (stored > 0) await readInto(source, offset, target.subarray(0, stored), signal);
    target.fill(0, stored);
    for (let index = firstAfter(parts, offset); index < parts.length; index++) {
      const part = parts[index] as Patch;
      if (part.start >= offset + target.length) break;
      lay(part, offset, target);
    }
  };
  return {
    ...{ name, size },
    ...filling({ name, size }, fill),
    [Symbol.asyncDispose]: () => source[Symbol.asyncDispose](),
  };
}

function lay({ start, end, bytes }: Patch, offset: number, target: Uint8Array): void {
  const [from, to] = [Math.max(start, offset), Math.min(end, offset + target.length)];
  const part = target.subarray(from - offset, to - offset);
  if (bytes) part.set(bytes.subarray(from - start, to - start));
  else part.fill(0);
}

/**
 * Of all patches what no later one covers, in the order of the file: each stretch between two edges is the last one's that
 * has it, and is looked at once.
 */
function apart(patches: readonly Patch[]): readonly Patch[] {
  const edges = [...new Set(patches.flatMap(({ start, end }) => [start, end]))].sort((a, b) => a - b);
  const places = new Map(edges.map((edge, index) => [edge, index]));
  const next = Int32Array.from(edges, (_, index) => index);
  const owners: (Patch | undefined)[] = [];
  for (const patch of [...patches].reverse()) {
    const end = places.get(patch.end) ?? 0;
    for (let at = free(next, places.get(patch.start) ?? 0); at < end; at = free(next, at)) {
      owners[at] = patch;
      next[at] = at + 1;
    }
  }
  return owners.flatMap((owner, at) => (owner ? [cut(owner, edges[at] ?? 0, edges[at + 1] ?? 0)] : []));
}

/** The first stretch from `at` on that nobody has; what is passed is passed faster the next time. */
function free(next: Int32Array, at: number): number {
  let found = at;
  while (next[found] !== found) {
    const after = next[found] ?? 0;
    next[found] = next[after] ?? after;
    found = after;
  }
  return found;
}

function cut({ start: from, bytes }: Patch, start: number, end: number): Patch {
  return { start, end, bytes: bytes?.subarray(start - from, end - from) ?? null };
}

/** Index of the first part that ends behind `offset`. */
function firstAfter(parts: readonly Patch[], offset: number): number {
  let [low, high] = [0, parts.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((parts[middle] as Patch).end > offset) high = middle;
    else low = middle + 1;
  }
  return low;
}
