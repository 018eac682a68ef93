import { type ByteSource, zerosFrom } from "../source/source.ts";

/** Zeros without an end, for what was never written. */
export const zeros: ByteSource = {
  name: "zeros",
  size: Number.MAX_SAFE_INTEGER,
  read: async (_, length) => new Uint8Array(length),
  readInto: (_, target) => {
    target.fill(0);
  },
  extent: async (_, length) => ({ length, zero: true }),
  stored: (_, length) => zerosFrom(length),
  [Symbol.asyncDispose]: async () => {},
};
