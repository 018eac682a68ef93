import { type ByteSource, checkBounds, readInto } from "./source.ts";

/** `size` bytes of `parent` from `start` on, as a source of its own. Closing it leaves the parent open. */
export function windowSource(parent: ByteSource, start: number, size: number, name = parent.name): ByteSource {
  checkBounds(parent, start, size);
  const self = { name, size };
  const { peek, extent, stored } = parent;
  return {
    ...self,
    read: async (offset, length, signal) => {
      checkBounds(self, offset, length);
      return parent.read(start + offset, length, signal);
    },
    readInto: (offset, target, signal) => {
      checkBounds(self, offset, target.length);
      return readInto(parent, start + offset, target, signal);
    },
    ...(peek && {
      peek: (offset: number, length: number) => {
        checkBounds(self, offset, length);
        return peek.call(parent, start + offset, length);
      },
    }),
    ...(extent && {
      extent: async (offset: number, length: number, signal?: AbortSignal) => {
        checkBounds(self, offset, length);
        return extent.call(parent, start + offset, length, signal);
      },
    }),
    ...(stored && { stored: (offset: number, length: number) => stored.call(parent, start + offset, length) }),
    [Symbol.asyncDispose]: async () => {},
  };
}
