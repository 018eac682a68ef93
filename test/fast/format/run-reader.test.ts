import { expect, test } from "vitest";
import { blockMap } from "../../../core/format/block-map.ts";
import { faultsOf } from "../../../core/format/fault.ts";
import { dataRun, parentRun, type Run, zeroRun } from "../../../core/format/run.ts";
import { type RunSource, runReader } from "../../../core/format/run-reader.ts";
import { memorySource } from "../../../core/source/memory.ts";
import { fc } from "../../support/property.ts";

const BLOCK = 16;
const HALF = BLOCK / 2;
/** As a test's own format says it in a table of 32-bit entries: what a block is, and where. */
const KINDS = ["parent", "zero", "data", "compressed", "mixed"] as const;
type Kind = (typeof KINDS)[number];
interface Block {
  readonly kind: Kind;
  /** Of the blocks that the file holds. */
  readonly stored: number;
}

const STORED = 24;
/** Its first block is the table's. */
const stored = Uint8Array.from({ length: STORED * BLOCK }, (_, at) => (at * 7 + (at >> 4)) & 0xff);
const parent = memorySource(Uint8Array.from({ length: 100 }, (_, at) => 0x80 | (at & 0x7f)));
const blocks = fc.array(
  fc.record({ kind: fc.constantFrom(...KINDS), stored: fc.integer({ min: 0, max: STORED - 1 }) }),
  { minLength: 1, maxLength: 40 },
);

/** Halves of a mixed block: the parent's, then data. */
const halves = (host: number, within: number): Run =>
  within < HALF ? parentRun(HALF - within) : dataRun(host + within, BLOCK - within);

function opened(all: readonly Block[]): RunSource {
  const table = new DataView(new ArrayBuffer(all.length * 4));
  for (const [at, { kind, stored }] of all.entries()) table.setUint32(at * 4, KINDS.indexOf(kind) * 256 + stored);
  const map = blockMap({
    ...{ source: memorySource(new Uint8Array(table.buffer)), offset: 0, entries: all.length, entrySize: 4 },
    blockSize: BLOCK,
    decode: (view, at) => {
      const host = (view.getUint32(at) & 0xff) * BLOCK;
      const kind = KINDS[view.getUint32(at) >> 8] as Kind;
      if (kind === "mixed") return { kind, host };
      if (kind === "compressed") return { kind, host, length: BLOCK, stored: BLOCK };
      return kind === "data" ? dataRun(host, BLOCK) : kind === "zero" ? zeroRun(BLOCK) : parentRun(BLOCK);
    },
    refine: async ({ host }, _, within) => halves(host, within),
  });
  const inflate = async (packed: Uint8Array) => packed.map((byte) => byte ^ 0xff);
  const parts = { name: "it", size: all.length * BLOCK, map, data: memorySource(stored), parent };
  return runReader({ ...parts, faults: faultsOf("TEST"), packed: { unit: BLOCK, inflate } });
}

function expected(all: readonly Block[]): Uint8Array {
  const result = new Uint8Array(all.length * BLOCK);
  const under = (at: number, length: number) => {
    const bytes = new Uint8Array(length);
    bytes.set(at < parent.size ? (parent.peek?.(at, Math.min(length, parent.size - at)) ?? []) : []);
    return bytes;
  };
  for (const [index, { kind, stored: number }] of all.entries()) {
    const at = index * BLOCK;
    const own = stored.subarray(number * BLOCK, (number + 1) * BLOCK);
    if (kind === "data") result.set(own, at);
    if (kind === "compressed")
      result.set(
        own.map((byte) => byte ^ 0xff),
        at,
      );
    if (kind === "parent") result.set(under(at, BLOCK), at);
    if (kind === "mixed") {
      result.set(under(at, HALF), at);
      result.set(own.subarray(HALF), at + HALF);
    }
  }
  return result;
}

test("any mix of runs reads as it is mapped, into memory that is not clean as well", async () => {
  await fc.assert(
    fc.asyncProperty(blocks, fc.nat(), fc.nat(), async (all, from, much) => {
      const wanted = expected(all);
      const source = opened(all);
      const offset = from % wanted.length;
      const length = much % (wanted.length - offset + 1);
      const part = wanted.subarray(offset, offset + length);
      expect(Buffer.compare(await source.read(offset, length), part)).toBe(0);
      const target = new Uint8Array(length).fill(0xaa);
      await source.readInto(offset, target);
      expect(Buffer.compare(target, part)).toBe(0);
    }),
    { numRuns: 300 },
  );
});

test("what an extent calls zero is zero, and extents cover all", async () => {
  await fc.assert(
    fc.asyncProperty(blocks, async (all) => {
      const wanted = expected(all);
      const source = opened(all);
      for (let at = 0; at < wanted.length; ) {
        const { length, zero } = await source.extent(at, wanted.length - at);
        expect(length).toBeGreaterThan(0);
        if (zero) expect(wanted.subarray(at, at + length).every((byte) => byte === 0)).toBe(true);
        at += length;
        expect(at).toBeLessThanOrEqual(wanted.length);
      }
    }),
  );
});

test("data past the file's end is refused, with the place", async () => {
  const all = [{ kind: "data", stored: STORED }] as const;
  await expect(opened(all).read(0, 1)).rejects.toMatchObject({ code: "E_TEST_DATA_BOUNDS", at: { offset: 384 } });
});
