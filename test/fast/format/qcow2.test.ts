import { describe, expect, test } from "vitest";
import { type Image, openImage } from "../../../core/format/index.ts";
import { GuestkitError } from "../../../core/kit/errors.ts";
import { memorySource } from "../../../core/source/memory.ts";
import { nodeHost } from "../../../core/source/node.ts";
import type { ByteSource } from "../../../core/source/source.ts";
import { fc } from "../../support/property.ts";
import { type Cluster, guestBytes, makeQcow2, type Plan } from "../../support/qcow2.ts";

const fill = fc.nat(255);
const whole: fc.Arbitrary<Cluster> = fc.record({
  kind: fc.constantFrom("parent" as const, "zero" as const, "data" as const, "data" as const, "compressed" as const),
  fill,
});
const bitmaps: fc.Arbitrary<Cluster> = fc
  .tuple(fill, fc.nat(0xffffffff), fc.nat(0xffffffff))
  .map(([value, stored, zeros]) => ({ kind: "subclusters", fill: value, stored, zeros: (zeros & ~stored) >>> 0 }));

const plain: fc.Arbitrary<Plan> = fc.record({
  version: fc.constant(3 as const),
  clusterBits: fc.constantFrom(9, 10, 12),
  extended: fc.constant(false),
  short: fc.constant(0),
  clusters: fc.array(whole, { minLength: 1, maxLength: 300 }),
});
const extended: fc.Arbitrary<Plan> = fc.record({
  version: fc.constant(3 as const),
  clusterBits: fc.constantFrom(14, 15),
  extended: fc.constant(true),
  short: fc.constantFrom(0, 512, 8192 + 1024),
  clusters: fc.array(fc.oneof(whole, bitmaps), { minLength: 1, maxLength: 12 }),
});
const plans = fc.oneof(plain, extended);

/** Opens the image, with files by name beside it. */
function openBytes(bytes: Uint8Array, files: Readonly<Record<string, Uint8Array>> = {}): Promise<Image> {
  const openFile = async (name: string): Promise<ByteSource> => {
    const found = files[name];
    if (!found) throw new GuestkitError("E_SOURCE_OPEN", `Cannot open "${name}": there is no such file`);
    return memorySource(found, name);
  };
  return openImage(memorySource(bytes, "image"), { ...nodeHost, openFile });
}

async function checkReads(image: Image, expected: Uint8Array, at: readonly [number, number][]): Promise<void> {
  expect(image.size).toBe(expected.length);
  expect(Buffer.compare(await image.read(0, image.size), expected)).toBe(0);
  for (const [seed, length] of at) {
    const offset = seed % (image.size + 1);
    const end = Math.min(image.size, offset + length);
    expect(Buffer.compare(await image.read(offset, end - offset), expected.subarray(offset, end))).toBe(0);
  }
}

const anywhere = fc.array(fc.tuple(fc.nat(1 << 20), fc.nat(40_000)), { maxLength: 10 });

test("any mix of clusters reads as planned", async () => {
  await fc.assert(
    fc.asyncProperty(plans, anywhere, async (plan, at) => {
      await using image = await openBytes(makeQcow2(plan));
      await checkReads(image, guestBytes(plan), at);
    }),
    { numRuns: 100 },
  );
});

test("over a raw parent of any length", async () => {
  await fc.assert(
    fc.asyncProperty(plans, fc.nat(200_000), anywhere, async (plan, length, at) => {
      const parent = new Uint8Array(length).fill(0xee);
      await using image = await openBytes(makeQcow2({ ...plan, backing: "base" }), { base: parent });
      await checkReads(image, guestBytes(plan, parent), at);
      expect(image.files).toEqual(["image", "base"]);
      expect(image.warnings.join()).toContain("it is opened as raw");
    }),
    { numRuns: 60 },
  );
});

test("extents cover the disk, and what they call zero is zero", async () => {
  await fc.assert(
    fc.asyncProperty(plans, fc.nat(100_000), async (plan, start) => {
      await using image = await openBytes(makeQcow2(plan));
      const expected = guestBytes(plan);
      let before: boolean | undefined;
      for (let at = start % image.size; at < image.size; ) {
        const { length, zero } = (await image.extent?.(at, image.size - at)) ?? { length: 0, zero: false };
        expect(length).toBeGreaterThan(0);
        expect(zero).not.toBe(before);
        if (zero) expect(expected.subarray(at, at + length).every((byte) => byte === 0)).toBe(true);
        before = zero;
        at += length;
      }
    }),
    { numRuns: 60 },
  );
});

test("adjacent clusters become one read, and only what is needed is touched", async () => {
  const clusters = Array.from({ length: 16 }, () => ({ kind: "data", fill: 1 }) as const);
  const bytes = makeQcow2({ version: 3, clusterBits: 16, extended: false, short: 0, clusters });
  // The maker lays clusters out backwards; turn them round.
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < 16; index++) {
    view.setBigUint64((2 << 16) + index * 8, BigInt((3 + index) << 16) | (1n << 63n));
  }
  const memory = memorySource(bytes);
  const reads: number[] = [];
  const counting: ByteSource = {
    ...memory,
    read: (offset, length) => {
      reads.push(length);
      return memory.read(offset, length);
    },
  };
  await using image = await openImage(counting, nodeHost);
  const opening = reads.reduce((sum, length) => sum + length, 0);
  expect(opening).toBeLessThan(5000);
  reads.length = 0;
  await image.read(100, 15 << 16);
  expect(reads).toEqual([8, 65536, 15 << 16]);
});

describe("refused by name", () => {
  const base: Plan = {
    version: 3,
    clusterBits: 9,
    extended: false,
    short: 0,
    clusters: [
      { kind: "data", fill: 1 },
      { kind: "compressed", fill: 2 },
    ],
  };
  const L1 = 512;
  const L2 = 1024;
  const patched = (offset: number, value: bigint, plan: Partial<Plan> = {}) => {
    const bytes = makeQcow2({ ...base, ...plan });
    new DataView(bytes.buffer).setBigUint64(offset, value);
    return bytes;
  };
  const faults: Readonly<Record<string, readonly [string, Uint8Array]>> = {
    "version 0": ["E_QCOW2_VERSION", patched(0, 0x514649fb00000000n)],
    "version 4": ["E_QCOW2_VERSION", patched(0, 0x514649fb00000004n)],
    "a parent's name outside the first cluster": ["E_QCOW2_HEADER", patched(8, 4096n)],
    AES: ["E_QCOW2_ENCRYPTED", patched(32, (1n << 32n) | 1n)],
    "an unknown feature": ["E_QCOW2_FEATURE", patched(72, 1n << 40n)],
    "clusters of 2^8": ["E_QCOW2_HEADER", patched(16, 8n)],
    "clusters of 2^22": ["E_QCOW2_HEADER", patched(16, 22n)],
    "subclusters of less than a sector": ["E_QCOW2_HEADER", patched(72, 16n)],
    "a header length of 5": ["E_QCOW2_HEADER", patched(96, (4n << 32n) | 5n)],
    "a refcount order of 7": ["E_QCOW2_HEADER", patched(96, (7n << 32n) | 104n)],
    "a size past 2^53": ["E_NUMBER_RANGE", patched(24, 1n << 60n)],
    "a size that the L1 table does not map": ["E_QCOW2_L1_BOUNDS", patched(24, 1n << 40n)],
    "an L1 table past the end": ["E_QCOW2_L1_BOUNDS", patched(40, 1n << 30n)],
    "an L1 table that is not aligned": ["E_QCOW2_L1_BOUNDS", patched(40, 520n)],
    "a huge L1 table": ["E_QCOW2_L1_BOUNDS", patched(32, 0xffffffffn)],
    "a data file without a name": ["E_QCOW2_DATA_FILE", patched(72, 4n)],
    "too many snapshots": ["E_QCOW2_SNAPSHOTS", patched(56, 0xffffffffn)],
    "an L1 entry with reserved bits": ["E_QCOW2_L1_ENTRY", patched(L1, 1024n | 1n)],
    "an L2 table past the end": ["E_QCOW2_L2_BOUNDS", patched(L1, 1n << 40n)],
    "an L2 entry with reserved bits": ["E_QCOW2_L2_ENTRY", patched(L2, 1536n | 2n)],
    "an L2 entry with reserved high bits": ["E_QCOW2_L2_ENTRY", patched(L2, 1536n | (1n << 60n))],
    "a zero flag in version 2": ["E_QCOW2_L2_ENTRY", patched(L2, 1n, { version: 2 })],
    "data past the end": ["E_QCOW2_DATA_BOUNDS", patched(L2, 1n << 40n)],
    "compressed data past the end": ["E_QCOW2_DATA_BOUNDS", patched(L2, (1n << 62n) | (1n << 40n))],
    "compressed data that is none": ["E_SOURCE_COMPRESSION", patched(L2, (1n << 62n) | 520n)],
    "data that is not aligned, in larger clusters": ["E_QCOW2_L2_ENTRY", patched(2048, 3584n, { clusterBits: 10 })],
  };
  test.each(Object.entries(faults))("%s", async (_name, [code, bytes]) => {
    const reading = openBytes(bytes).then((image) => image.read(0, image.size));
    await expect(reading).rejects.toMatchObject({ code, at: { file: expect.any(String) } });
  });

  test("a cut at any place is an error or leaves the whole, never zeros in place of data", async () => {
    const bytes = makeQcow2(base);
    const expected = guestBytes(base);
    for (let end = 0; end < bytes.length; end += 37) {
      const cut = bytes.slice(0, end);
      const reading = openBytes(cut).then((image) => image.read(0, image.size));
      const result = await reading.catch((error: unknown) => error);
      if (result instanceof Uint8Array && cut.length >= 4) expect([cut, expected]).toContainEqual(result);
      else if (!(result instanceof Uint8Array)) expect(result).toBeInstanceOf(GuestkitError);
    }
  });
});

test("what is left of a size below a sector is no part of the disk, as for QEMU", async () => {
  const plan: Plan = { version: 3, clusterBits: 9, extended: false, short: 1, clusters: [{ kind: "zero", fill: 0 }] };
  await using image = await openBytes(makeQcow2({ ...plan, clusters: [...plan.clusters, ...plan.clusters] }));
  expect(image.size).toBe(512);
});

test("an image that is its own parent, by whatever way", async () => {
  const plan: Plan = { version: 3, clusterBits: 9, extended: false, short: 0, clusters: [{ kind: "parent", fill: 0 }] };
  const self = makeQcow2({ ...plan, backing: "image" });
  await expect(openBytes(self, { image: self })).rejects.toMatchObject({ code: "E_IMAGE_CYCLE" });
  const endless = { ...nodeHost, openFile: async () => memorySource(self, `copy ${Math.random()}`) };
  await expect(openImage(memorySource(self), endless)).rejects.toMatchObject({ code: "E_IMAGE_CHAIN" });
});

test("all that was opened is closed, also when opening fails", async () => {
  const plan: Plan = { version: 3, clusterBits: 9, extended: false, short: 0, clusters: [{ kind: "parent", fill: 0 }] };
  const child = makeQcow2({ ...plan, backing: "base" });
  const open = new Set<string>();
  const tracked = (bytes: Uint8Array, name: string): ByteSource => {
    open.add(name);
    return { ...memorySource(bytes, name), [Symbol.asyncDispose]: async () => void open.delete(name) };
  };
  for (const parent of [makeQcow2(plan), makeQcow2(plan).slice(0, 200), Uint8Array.of(1)]) {
    const host = { ...nodeHost, openFile: async (name: string) => tracked(parent, name) };
    await openImage(tracked(child, "child"), host)
      .then((image) => image[Symbol.asyncDispose]())
      .catch((error: unknown) => expect(error).toBeInstanceOf(GuestkitError));
    expect([...open]).toEqual([]);
  }
});

test("mutations of metadata end in an answer or in an error with a place", async () => {
  const mutation = fc.record({
    plan: plans,
    at: fc.array(fc.tuple(fc.nat(2), fc.nat(255), fc.nat(255)), { minLength: 1, maxLength: 6 }),
    cut: fc.option(fc.nat(1 << 20), { freq: 4 }),
  });
  await fc.assert(
    fc.asyncProperty(mutation, async ({ plan, at, cut }) => {
      const bytes = makeQcow2(plan).slice(0, cut ?? undefined);
      // The header, the L1 table and the first L2 table start at the first three clusters.
      for (const [table, offset, byte] of at) setByte(bytes, table * 2 ** plan.clusterBits + offset, byte);
      const error = await survey(bytes).catch((thrown: unknown) => thrown);
      if (error === undefined) return;
      expect(error).toBeInstanceOf(GuestkitError);
      expect((error as GuestkitError).at?.file).toBeDefined();
    }),
    { numRuns: 300 },
  );
});

function setByte(bytes: Uint8Array, offset: number, byte: number): void {
  if (offset < bytes.length) bytes[offset] = byte;
}

/** Looks at the image as far as a damaged one may be believed. */
async function survey(bytes: Uint8Array): Promise<void> {
  await using image = await openBytes(bytes, { base: new Uint8Array(1000) });
  for (let at = 0, steps = 0; at < image.size && steps < 200; steps++) {
    at += (await image.extent?.(at, image.size - at))?.length ?? image.size;
  }
  for (let at = 0; at < Math.min(image.size, 1 << 20); at += 65_536) {
    await image.read(at, Math.min(65_536, image.size - at));
  }
}
