import { isRefusal } from "../kit/budget.ts";
import { GuestkitError } from "../kit/errors.ts";
import { type ByteSource, checkBounds } from "../source/source.ts";

/** What is asked for at least, bytes: a disk's sector. */
const UNIT = 512;

/**
 * `first`; what it cannot give is asked of the others, in their order, and where none has all of it, in parts: each may lack
 * another one. Where none gives a part, the first one's error counts.
 */
export function withFallback(first: ByteSource, others: readonly ByteSource[]): ByteSource {
  if (others.length === 0) return first;
  const { name, size, peek, extent } = first;
  const all = [first, ...others];
  return {
    ...{ name, size },
    read: async (offset, length, signal) => {
      checkBounds(first, offset, length);
      return readAny(all, offset, length, signal);
    },
    ...(peek && { peek: peek.bind(first) }),
    ...(extent && { extent: extent.bind(first) }),
    [Symbol.asyncDispose]: async () => {},
  };
}

async function readAny(
  sources: readonly ByteSource[],
  offset: number,
  length: number,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  let lost: GuestkitError | null = null;
  for (const source of sources) {
    try {
      return await source.read(offset, length, signal);
    } catch (error) {
      if (!(error instanceof GuestkitError) || isRefusal(error)) throw error;
      lost ??= error;
    }
  }
  const middle = Math.ceil((offset + length / 2) / UNIT) * UNIT;
  if (middle >= offset + length) throw lost;
  const bytes = new Uint8Array(length);
  bytes.set(await readAny(sources, offset, middle - offset, signal));
  bytes.set(await readAny(sources, middle, offset + length - middle, signal), middle - offset);
  return bytes;
}
