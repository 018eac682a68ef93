import { type ByteSource, checkBounds } from "./source.ts";

/** A source over bytes in memory. */
export function memorySource(bytes: Uint8Array, name = "memory"): ByteSource {
  const peek = (offset: number, length: number) => {
    checkBounds({ name, size: bytes.length }, offset, length);
    return bytes.subarray(offset, offset + length);
  };
  return {
    name,
    size: bytes.length,
    peek,
    read: async (offset, length, signal) => {
      signal?.throwIfAborted();
      return peek(offset, length);
    },
    [Symbol.asyncDispose]: async () => {},
  };
}
