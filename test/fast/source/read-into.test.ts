import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { abortable } from "../../../core/disk/host.ts";
import { meteredSource } from "../../../core/disk/metered.ts";
import { Budget } from "../../../core/kit/budget.ts";
import { cachedSource } from "../../../core/source/cached.ts";
import { openFileSource } from "../../../core/source/file.ts";
import { memorySource } from "../../../core/source/memory.ts";
import { type ByteSource, readInto } from "../../../core/source/source.ts";
import { windowSource } from "../../../core/source/window.ts";

const SIZE = 5000;
const bytes = Uint8Array.from({ length: SIZE }, (_, at) => (at * 31 + (at >> 8)) & 0xff);
let folder: string;
let file: ByteSource;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "guestkit-read-into-"));
  await writeFile(join(folder, "file"), bytes);
  file = await openFileSource(join(folder, "file"));
});
afterAll(async () => {
  await file[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

/** What stands before a source, each over any other. */
const WRAPPERS: readonly ((source: ByteSource) => ByteSource)[] = [
  (source) => windowSource(source, 0, source.size),
  (source) => cachedSource(source, { pageSize: 512, pages: 2 }),
  (source) => meteredSource(source, new Budget()),
  (source) => abortable(source, new AbortController().signal),
];

it("fills the target with what read gives, through whatever stands before the bytes, and nothing around it", async () => {
  const arbitrary = fc.record({
    wrappers: fc.array(fc.constantFrom(...WRAPPERS), { maxLength: 4 }),
    inFile: fc.boolean(),
    offset: fc.nat(SIZE),
    length: fc.nat(2000),
  });
  await fc.assert(
    fc.asyncProperty(arbitrary, async ({ wrappers, inFile, offset, length }) => {
      const source = wrappers.reduce((inner, wrap) => wrap(inner), inFile ? file : memorySource(bytes));
      const wanted = Math.min(length, SIZE - offset);
      const around = new Uint8Array(wanted + 2).fill(0xee);
      await readInto(source, offset, around.subarray(1, wanted + 1));
      expect(around).toEqual(Uint8Array.of(0xee, ...bytes.subarray(offset, offset + wanted), 0xee));
      await expect(readInto(source, offset, new Uint8Array(SIZE - offset + 1))).rejects.toMatchObject({
        code: "E_SOURCE_BOUNDS",
      });
    }),
  );
});
