import { expect, test } from "vitest";
import { memorySource } from "../../../core/source/memory.ts";
import { type ByteSource, stream } from "../../../core/source/source.ts";
import { windowSource } from "../../../core/source/window.ts";

const content = Uint8Array.from({ length: 100 }, (_, index) => index);
const parent: ByteSource = {
  ...memorySource(content, "disk"),
  extent: async (offset, length) => ({ length: Math.min(length, 50 - (offset % 50)), zero: offset < 50 }),
};

test("a window shows its own part, under its own name", async () => {
  const window = windowSource(parent, 10, 20, "disk#1");
  expect([window.name, window.size]).toEqual(["disk#1", 20]);
  expect([...(await window.read(5, 3))]).toEqual([15, 16, 17]);
  expect([...(window.peek?.(5, 3) ?? [])]).toEqual([15, 16, 17]);
  expect(await window.extent?.(0, 20)).toEqual({ length: 20, zero: true });
});

test("nothing outside it can be read", async () => {
  const window = windowSource(parent, 10, 20);
  const fault = expect.objectContaining({ code: "E_SOURCE_BOUNDS" });
  await expect(window.read(18, 3)).rejects.toEqual(fault);
  await expect(window.read(-1, 1)).rejects.toEqual(fault);
  await expect(window.extent?.(20, 1)).rejects.toEqual(fault);
  expect(() => window.peek?.(20, 1)).toThrow(fault);
  expect(() => windowSource(parent, 90, 11)).toThrow(fault);
});

test("a window in a window", async () => {
  const inner = windowSource(windowSource(parent, 40, 40), 8, 10);
  expect([...(await inner.read(0, 2))]).toEqual([48, 49]);
  expect(await inner.extent?.(0, 10)).toEqual({ length: 2, zero: true });
});

test("what the parent cannot do, the window does not pretend", () => {
  const { peek: _, extent: __, ...plain } = parent;
  const window = windowSource(plain, 0, 10);
  expect([window.peek, window.extent]).toEqual([undefined, undefined]);
});

test("a stream is the bytes in order, in pieces", async () => {
  const pieces = await Array.fromAsync(stream(parent, { start: 5, end: 30, chunk: 10 }));
  expect(pieces.map((piece) => piece.length)).toEqual([10, 10, 5]);
  expect(Buffer.concat(pieces)).toEqual(Buffer.from(content.subarray(5, 30)));
});
