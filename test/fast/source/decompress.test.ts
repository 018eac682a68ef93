import { constants, deflateRawSync, deflateSync, zstdCompressSync } from "node:zlib";
import { expect, test } from "vitest";
import { nodeHost } from "../../../core/source/node.ts";
import { zstdFrames } from "../../../core/source/zstd.ts";
import { fc } from "../../support/property.ts";

const { decompress } = nodeHost;
const packers = { "deflate-raw": deflateRawSync, zlib: deflateSync, zstd: zstdCompressSync } as const;
const KINDS = ["deflate-raw", "zlib", "zstd"] as const;
const content = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 3000 }),
  fc
    .tuple(fc.nat(255), fc.integer({ min: 1, max: 300_000 }))
    .map(([byte, length]) => new Uint8Array(length).fill(byte)),
);

test.each(KINDS)("%s: bytes that follow the stream do not matter", async (kind) => {
  await fc.assert(
    fc.asyncProperty(content, fc.uint8Array({ maxLength: 600 }), async (plain, tail) => {
      const packed = packers[kind](plain);
      for (const rest of [tail, packed.subarray(0, 100)]) {
        const result = await decompress(kind, Buffer.concat([packed, rest]), plain.length);
        expect(Buffer.compare(result, plain)).toBe(0);
      }
    }),
    { numRuns: 60 },
  );
});

test.each(KINDS)("%s: less, more and other bytes are refused", async (kind) => {
  const fault = { code: "E_SOURCE_COMPRESSION" };
  const plain = new TextEncoder().encode("guestkit ".repeat(500));
  const packed = packers[kind](plain);
  await expect(decompress(kind, packed, plain.length + 1)).rejects.toMatchObject(fault);
  await expect(decompress(kind, packed, plain.length - 1)).rejects.toMatchObject(fault);
  await expect(decompress(kind, packed.subarray(0, packed.length / 2), plain.length)).rejects.toMatchObject(fault);
  await expect(decompress(kind, new Uint8Array(50).fill(0xff), plain.length)).rejects.toMatchObject(fault);
});

test("zlib: plain bytes that its checksum does not fit are refused", async () => {
  const packed = deflateSync(new TextEncoder().encode("guestkit"), { level: 0 });
  packed[8] = (packed[8] ?? 0) ^ 1;
  await expect(decompress("zlib", packed, 8)).rejects.toMatchObject({ code: "E_SOURCE_COMPRESSION" });
});

test("a cluster may be several frames, with skippable ones between", async () => {
  const halves = [new Uint8Array(500).fill(1), new Uint8Array(700).fill(2)];
  const [first, second] = halves.map((half) => zstdCompressSync(half)) as [Buffer, Buffer];
  const skipped = Buffer.from([0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 9, 9, 9]);
  const result = await decompress("zstd", Buffer.concat([first, skipped, second]), 1200);
  expect(Buffer.compare(result, Buffer.concat(halves))).toBe(0);
});

test("looking for frames ends on any bytes", () => {
  const prefix = zstdCompressSync(new Uint8Array(3000).fill(7));
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(prefix.length), (noise, cut) => {
      const data = Buffer.concat([prefix.subarray(0, cut), noise]);
      for (const frame of zstdFrames(data)) expect(frame.length).toBeGreaterThan(4);
    }),
  );
});

test.each(KINDS)(
  "%s: many at once, on threads too, are what each is alone, and a bad one is its own fault",
  async (kind) => {
    const plain = Array.from({ length: 40 }, (_, at) => new Uint8Array(at % 2 === 0 ? 64 << 10 : 3000).fill(at + 1));
    const packed = plain.map((each) => packers[kind](each));
    packed[20] = Buffer.alloc(50, 0xff);
    const results = await Promise.allSettled(packed.map((each, at) => decompress(kind, each, plain[at]?.length ?? 0)));
    for (const [at, result] of results.entries()) {
      if (at === 20) expect(result).toMatchObject({ reason: { code: "E_SOURCE_COMPRESSION" } });
      else expect(Buffer.compare((result as { value: Uint8Array }).value, plain[at] as Uint8Array)).toBe(0);
    }
  },
);

test("zstd: decoders that are kept give each cluster its own bytes, whatever was asked of them before", async () => {
  const sizes = [32 << 10, 64 << 10, 256 << 10] as const;
  const cluster = (at: number) => {
    const size = sizes[at % sizes.length] ?? 0;
    return Uint8Array.from({ length: size }, (_, index) => (index * (at + 3)) >> 4);
  };
  const harmed: readonly ((packed: Buffer) => Buffer)[] = [
    (packed) => packed.fill(0xff, packed.length >> 1, (packed.length >> 1) + 20),
    (packed) => packed.subarray(0, packed.length - 4),
    () => zstdCompressSync(new Uint8Array(1 << 20).fill(1)),
    () => zstdCompressSync(new Uint8Array(1000).fill(1)),
  ];
  for (let round = 0; round < 4; round++) {
    const all = Array.from({ length: 48 }, (_, at) => {
      const plain = cluster(at + round);
      const packed = zstdCompressSync(plain, { params: { [constants.ZSTD_c_checksumFlag]: 1 } });
      return { plain, packed: at % 5 === 4 ? harmed[(at + round) % 4]?.(packed) : packed, isHarmed: at % 5 === 4 };
    });
    const results = await Promise.allSettled(
      all.map(({ plain, packed = Buffer.alloc(0) }) => decompress("zstd", packed, plain.length)),
    );
    for (const [at, result] of results.entries()) {
      const { plain, isHarmed } = all[at] as (typeof all)[number];
      if (isHarmed) expect(result).toMatchObject({ reason: { code: "E_SOURCE_COMPRESSION" } });
      else expect(Buffer.compare((result as { value: Uint8Array }).value, plain)).toBe(0);
    }
  }
});
