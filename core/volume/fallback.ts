import { isRefusal } from "../kit/budget.ts";
import { GuestkitError } from "../kit/errors.ts";
import { type ByteSource, checkBounds } from "../source/source.ts";

/** `first`; what it cannot give is asked of the others, in their order. Where none gives it, the first one's error counts. */
export function withFallback(first: ByteSource, others: readonly ByteSource[]): ByteSource {
  if (others.length === 0) return first;
  const { name, size, peek, extent } = first;
  return {
    ...{ name, size },
    read: async (offset, length, signal) => {
      checkBounds(first, offset, length);
      try {
        return await first.read(offset, length, signal);
      } catch (error) {
        if (!(error instanceof GuestkitError) || isRefusal(error)) throw error;
        return readOther(others, error, offset, length, signal);
      }
    },
    ...(peek && { peek: peek.bind(first) }),
    ...(extent && { extent: extent.bind(first) }),
    [Symbol.asyncDispose]: async () => {},
  };
}

async function readOther(
  others: readonly ByteSource[],
  lost: GuestkitError,
  offset: number,
  length: number,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  for (const other of others) {
    try {
      return await other.read(offset, length, signal);
    } catch (error) {
      if (!(error instanceof GuestkitError) || isRefusal(error)) throw error;
    }
  }
  throw lost;
}
