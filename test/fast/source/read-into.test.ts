import { readdirSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { abortable } from "../../../core/disk/host.ts";
import { meteredSource } from "../../../core/disk/metered.ts";
import { MappedSource } from "../../../core/filesystem/mapped.ts";
import { overlaySource } from "../../../core/filesystem/overlay.ts";
import { faultsOf } from "../../../core/format/fault.ts";
import { imageOf } from "../../../core/format/image.ts";
import { joined } from "../../../core/format/joined.ts";
import { memberSource } from "../../../core/format/ova/archive.ts";
import { dataRun, parentRun, zeroRun } from "../../../core/format/run.ts";
import { runReader } from "../../../core/format/run-reader.ts";
import { patchedSource } from "../../../core/format/vhdx/patched.ts";
import { Budget } from "../../../core/kit/budget.ts";
import { GuestkitError } from "../../../core/kit/errors.ts";
import { cachedSource } from "../../../core/source/cached.ts";
import { openFileSource } from "../../../core/source/file.ts";
import { memorySource } from "../../../core/source/memory.ts";
import { type ByteSource, readInto, zerosFrom } from "../../../core/source/source.ts";
import { windowSource } from "../../../core/source/window.ts";
import { withFallback } from "../../../core/volume/fallback.ts";
import { foundSource, joinedSource } from "../../../core/volume/mapped.ts";
import { stripedSource } from "../../../core/volume/striped.ts";
import { zeros } from "../../../core/volume/zeros.ts";
import { fc } from "../../support/property.ts";
import { scratch } from "../../support/run.ts";

const SIZE = 5120;
const bytes = Uint8Array.from({ length: SIZE }, (_, at) => (at * 31 + (at >> 8)) & 0xff);
bytes.fill(0, 1024, 2560);
let file: ByteSource;
beforeAll(async () => {
  const path = join(await scratch("read-into"), "file");
  await writeFile(path, bytes);
  file = await openFileSource(path);
});
afterAll(() => file[Symbol.asyncDispose]());

/** What stands before a source, each over any other, and what becomes of the bytes. */
interface Wrapper {
  readonly file: string;
  readonly wrap: (source: ByteSource) => ByteSource;
  readonly bytes?: (plain: Uint8Array) => Uint8Array;
}

const own = (source: ByteSource) => ({ name: source.name, [Symbol.asyncDispose]: async () => {} });
const changed = (plain: Uint8Array, change: (copy: Uint8Array) => void) => {
  const copy = plain.slice();
  change(copy);
  return copy;
};
/** Blocks of 512 bytes in an order of their own; every third one reads as zeros. */
const placeOf = (block: number): number => (block % 3 === 2 ? -1 : block ^ 1);
const shuffled = (plain: Uint8Array) =>
  changed(plain, (copy) => {
    for (let block = 0; block < SIZE / 512; block++) {
      const from = placeOf(block) * 512;
      copy.set(from < 0 ? new Uint8Array(512) : plain.subarray(from, from + 512), block * 512);
    }
  });
/** The part that cannot be read here is another one's. */
const broken = (source: ByteSource): ByteSource => ({
  ...own(source),
  size: source.size,
  read: async (offset, length) => {
    if (offset < 3000 && 2000 < offset + length) throw new GuestkitError("E_TEST", "Cannot read: bad");
    return source.read(offset, length);
  },
});
const member = (name: string, offset: number, size: number) => ({ name, offset, size, isFile: true });

const WRAPPERS: readonly Wrapper[] = [
  { file: "source/window.ts", wrap: (source) => windowSource(source, 0, source.size) },
  { file: "source/cached.ts", wrap: (source) => cachedSource(source, { pageSize: 512, pages: 2 }) },
  { file: "source/cached.ts", wrap: (source) => cachedSource(source, { pageSize: 512, pages: 9, ahead: 3 }) },
  { file: "disk/metered.ts", wrap: (source) => meteredSource(source, new Budget()) },
  { file: "disk/host.ts", wrap: (source) => abortable(source, new AbortController().signal) },
  {
    file: "filesystem/overlay.ts",
    wrap: (source) =>
      overlaySource(source, 256, {
        size: 2,
        has: (block) => block === 4 || block === 9,
        read: (block) => new Uint8Array(256).fill(block),
      }),
    bytes: (plain) => changed(plain, (copy) => copy.fill(4, 1024, 1280).fill(9, 2304, 2560)),
  },
  {
    file: "filesystem/mapped.ts",
    wrap: (source) => {
      const find = (start: number) => ({ start, length: 1, block: placeOf(start), hole: placeOf(start) < 0 });
      return new MappedSource({ source, blockSize: 512 }, { find }, SIZE, 12);
    },
    bytes: shuffled,
  },
  {
    file: "format/run-reader.ts",
    wrap: (source) => {
      const piece = (offset: number) => {
        const [block, within] = [Math.floor(offset / 512), offset % 512];
        if (placeOf(block) < 0) return block % 2 ? zeroRun(512 - within) : parentRun(512 - within);
        return dataRun(placeOf(block) * 512 + within, 512 - within);
      };
      const parts = {
        name: "runs",
        size: SIZE,
        map: { piece },
        data: source,
        parent: null,
        faults: faultsOf("TEST", () => ""),
      };
      return { ...own(source), size: SIZE, ...runReader(parts) };
    },
    bytes: shuffled,
  },
  {
    file: "format/run-reader.ts",
    wrap: (source) => {
      const map = { piece: (offset: number) => (offset < 700 ? zeroRun(700 - offset) : parentRun(4096)) };
      const parts = { name: "runs", size: SIZE, map, data: zeros, parent: windowSource(source, 0, 4000) };
      return { ...own(source), size: SIZE, ...runReader({ ...parts, faults: faultsOf("TEST", () => "") }) };
    },
    bytes: (plain) => changed(plain, (copy) => copy.fill(0, 0, 700).fill(0, 4000)),
  },
  {
    file: "format/image.ts",
    wrap: (source) => imageOf({ format: "raw", source, size: source.size, reader: source, details: {} }),
  },
  {
    file: "format/joined.ts",
    wrap: (source) => {
      const stretches = [
        { length: 700, source },
        { length: 900, source: null },
        { length: SIZE - 1600, source: windowSource(source, 1600, SIZE - 1600) },
      ];
      return { ...own(source), ...joined("joined", stretches) };
    },
    bytes: (plain) => changed(plain, (copy) => copy.fill(0, 700, 1600)),
  },
  {
    file: "format/ova/archive.ts",
    wrap: (source) => {
      const parts = [member("disk.0", 0, 1000), member("empty", 0, 0), member("disk.1", 1000, SIZE - 1000)];
      return memberSource({ source, members: parts, disks: null, digests: [] }, "disk", parts);
    },
  },
  {
    file: "format/vhdx/patched.ts",
    wrap: (source) => {
      const patches = [
        { start: 100, end: 1200, bytes: null },
        { start: 900, end: 1000, bytes: new Uint8Array(100).fill(7) },
      ];
      return patchedSource(windowSource(source, 0, 5000), patches, SIZE);
    },
    bytes: (plain) => changed(plain, (copy) => copy.fill(0, 100, 1200).fill(7, 900, 1000).fill(0, 5000)),
  },
  { file: "volume/fallback.ts", wrap: (source) => withFallback(broken(source), [source]) },
  { file: "volume/fallback.ts", wrap: (source) => withFallback(source, [zeros]) },
  {
    file: "volume/mapped.ts",
    wrap: (source) =>
      joinedSource("joined", [
        { source, start: 3072, length: 700 },
        { source: zeros, start: 0, length: 324 },
        { source, start: 1024, length: SIZE - 1024 },
      ]),
    bytes: (plain) => changed(plain, (copy) => void copy.fill(0, 700, 1024).set(plain.subarray(3072, 3772))),
  },
  {
    file: "volume/mapped.ts",
    wrap: (source) =>
      foundSource("found", SIZE, async (offset, length) => ({ source, start: offset, length: Math.min(length, 333) })),
  },
  {
    file: "volume/mapped.ts",
    wrap: (source) =>
      stripedSource(
        "striped",
        [0, 1].map((half) => windowSource(source, (half * SIZE) / 2, SIZE / 2)),
        512,
        SIZE / 2,
      ),
    bytes: (plain) =>
      changed(plain, (copy) => {
        for (let chunk = 0; chunk < SIZE / 512; chunk++) {
          const from = (chunk % 2) * (SIZE / 2) + Math.floor(chunk / 2) * 512;
          copy.set(plain.subarray(from, from + 512), chunk * 512);
        }
      }),
  },
];

/** A source with holes and all the ways to its bytes. */
const holed: ByteSource = {
  ...memorySource(bytes),
  extent: async (offset, length) => {
    const border = [1024, 2560, SIZE].find((each) => offset < each) as number;
    return { length: Math.min(length, border - offset), zero: border === 2560 };
  },
};

it("gives the same bytes by every way, through whatever stands before them, and tells no hole where there are some", async () => {
  const arbitrary = fc.record({
    wrappers: fc.array(fc.constantFrom(...WRAPPERS), { maxLength: 4 }),
    leaf: fc.constantFrom("file", "memory", "holed"),
    places: fc.array(fc.tuple(fc.nat(SIZE), fc.nat(2000)), { minLength: 1, maxLength: 6 }),
  });
  await fc.assert(
    fc.asyncProperty(arbitrary, async ({ wrappers, leaf, places }) => {
      const first = { file, memory: memorySource(bytes), holed }[leaf] as ByteSource;
      const source = wrappers.reduce((inner, { wrap }) => wrap(inner), first);
      const whole = wrappers.reduce<Uint8Array>((plain, wrapper) => wrapper.bytes?.(plain) ?? plain, bytes);
      expect(source.size).toBe(SIZE);
      for (const [offset, length] of places) {
        const wanted = Math.min(length, SIZE - offset);
        const expected = Buffer.from(whole.subarray(offset, offset + wanted));
        const same = (found: Uint8Array) => expect(Buffer.compare(found, expected)).toBe(0);
        same(await source.read(offset, wanted));
        const around = new Uint8Array(wanted + 2).fill(0xee);
        await readInto(source, offset, around.subarray(1, wanted + 1));
        expect([around[0], around.at(-1)]).toEqual([0xee, 0xee]);
        same(around.subarray(1, wanted + 1));
        const peeked = source.peek?.(offset, wanted);
        if (peeked) same(peeked);
        if (wanted === 0) continue;
        const stored = await source.stored?.(offset, wanted);
        if (stored) {
          expect(stored.length > 0 && stored.length <= wanted).toBe(true);
          const isZeros = stored.file === zerosFrom(1).file;
          const from = isZeros ? new Uint8Array(stored.length) : bytes;
          const kept = from.subarray(stored.offset, stored.offset + stored.length);
          expect(Buffer.compare(kept, expected.subarray(0, stored.length))).toBe(0);
        }
        const extent = await source.extent?.(offset, wanted);
        if (!extent) continue;
        expect(extent.length > 0 && extent.length <= wanted).toBe(true);
        if (extent.zero) expect(expected.subarray(0, extent.length).some((byte) => byte !== 0)).toBe(false);
      }
    }),
    { numRuns: 300 },
  );
});

it("is bounded by its end by every way", async () => {
  for (const { wrap } of WRAPPERS) {
    const source = wrap(holed);
    const outside = [() => source.read(SIZE - 1, 2), async () => readInto(source, SIZE - 1, new Uint8Array(2))];
    const ways = [...outside, async () => source.peek?.(SIZE - 1, 2) ?? source.read(SIZE - 1, 2)];
    for (const way of ways) await expect(way()).rejects.toMatchObject({ code: "E_SOURCE_BOUNDS" });
  }
});

/** Those that stand before no single source, or pass no other way than `read` on. */
const OTHERS = [
  ...["source/file.ts", "source/source.ts", "volume/zeros.ts"],
  // Stands in source/cached.ts.
  "source/ahead.ts",
  // Hands on those of another image: tools/build/redo.
  "redo/read.ts",
  // Checked against the kernel: tools/filesystem, tools/volume.
  ...["luks/device.ts", "volume/raid-rebuild.ts"],
  ...["filesystem/btrfs/content.ts", "filesystem/btrfs/data.ts", "filesystem/btrfs/volume.ts"],
];

it("holds of all that offers more than one way", () => {
  const core = join(import.meta.dirname, "../../../core");
  const files = readdirSync(core, { recursive: true, encoding: "utf8" }).filter(
    (name) => name.endsWith(".ts") && !name.startsWith("dist/"),
  );
  const offer = /\breadInto\??\s*:|\breadInto\([^)]*\):|\bpeek\s*:|\.\.\.\((?:peek|readInto)\b|\bfilling\(/;
  const offers = files.filter((name) => offer.test(readFileSync(join(core, name), "utf8")));
  const known = [...new Set([...WRAPPERS.map((each) => each.file), ...OTHERS])];
  expect(offers.filter((name) => !known.includes(name))).toEqual([]);
  expect(OTHERS.filter((name) => !offers.includes(name))).toEqual([]);
});
