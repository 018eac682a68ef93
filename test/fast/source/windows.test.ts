import { expect, it } from "vitest";
import { memorySource } from "../../../core/source/memory.ts";
import type { ByteSource } from "../../../core/source/source.ts";
import { Windows } from "../../../core/source/windows.ts";
import { Random } from "../../support/random.ts";

const random = new Random(5);
const bytes = random.bytes(10_240);

it("gives the bytes of a file, wherever they lie across stretches, and at the file's end", async () => {
  const windows = new Windows(memorySource(bytes), 256, 3);
  for (let round = 0; round < 2000; round++) {
    const length = 1 + random.below(300);
    const offset = random.below(bytes.length - length + 1);
    expect(await windows.read(offset, length)).toEqual(bytes.subarray(offset, offset + length));
  }
});

it("gives nothing past the end", () => {
  const windows = new Windows(memorySource(bytes.subarray(0, 300)), 256, 3);
  expect(() => windows.read(290, 20)).toThrow(/E_SOURCE_BOUNDS|ends at 300/);
});

it("holds a few stretches in the same memory, however many are read, and reads none of them again", async () => {
  let reads = 0;
  const plain = memorySource(bytes);
  const source: ByteSource = {
    name: "file",
    size: plain.size,
    read: (offset, length) => {
      reads++;
      return plain.read(offset, length);
    },
    [Symbol.asyncDispose]: async () => {},
  };
  const windows = new Windows(source, 256, 3);
  const memories = new Set<ArrayBufferLike>();
  for (let round = 0; round < 30; round++) {
    for (let offset = 0; offset < 512; offset += 64) memories.add((await windows.read(offset, 64)).buffer);
  }
  expect(reads).toBe(2);
  for (let offset = 0; offset + 64 <= bytes.length; offset += 64) {
    memories.add((await windows.read(offset, 64)).buffer);
  }
  expect(memories.size).toBe(3);
  expect(reads).toBe(bytes.length / 256);
});

it("tells where bytes stand of the stretch that was asked for last, and of no other", async () => {
  const windows = new Windows(memorySource(bytes), 256, 3);
  expect(windows.place(0, 4)).toBe(-1);
  await windows.read(600, 10);
  for (const offset of [512, 600, 764]) {
    expect(windows.view.getUint32(windows.place(offset, 4))).toBe(Buffer.from(bytes).readUInt32BE(offset));
  }
  for (const offset of [0, 508, 510, 765, 768, 5000]) expect(windows.place(offset, 4)).toBe(-1);
});
