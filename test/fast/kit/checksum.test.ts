import { expect, test, vi } from "vitest";
import { crc32, crc32c } from "../../../core/kit/checksum.ts";
import { fc } from "../../support/property.ts";

/** Bit by bit, as the definition says. */
function remainder(polynomial: number, seed: number, data: Uint8Array): number {
  let crc = seed;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
  }
  return crc >>> 0;
}

const castagnoli = (data: Uint8Array) => ~crc32c(0xffffffff, data) >>> 0;

test("CRC-32 and CRC-32C are those of their check values", () => {
  const digits = new TextEncoder().encode("123456789");
  expect(crc32(digits)).toBe(0xcbf43926);
  expect(castagnoli(digits)).toBe(0xe3069283);
  // RFC 3720, B.4.
  expect(castagnoli(new Uint8Array(32))).toBe(0x8a9136aa);
  expect(castagnoli(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
});

test("CRC-32C of any stretch from any state is what the definition says, however long", () => {
  const data = Uint8Array.from({ length: 40_000 }, (_, index) => (index * index * 31 + (index >> 3) * 7) & 0xff);
  // More than is summed before anything is compiled.
  crc32c(0, new Uint8Array(1 << 20));
  const near = (length: number) => fc.integer({ min: length - 20, max: length + 20 });
  const lengths = fc.oneof(fc.nat(2000), near(1024), near(4096), near(16_384), near(32_768));
  fc.assert(
    fc.property(fc.nat(7000), lengths, fc.integer({ min: 0, max: 0xffffffff }), (start, length, seed) => {
      const expected = remainder(0x82f63b78, seed, data.subarray(start, start + length));
      expect(crc32c(seed, data, start, start + length)).toBe(expected);
    }),
    { numRuns: 100 },
  );
});

test("CRC-32C is the same where the engine has no WebAssembly", async () => {
  const data = new Uint8Array(20_000).fill(0x5a);
  vi.stubGlobal("WebAssembly", undefined);
  vi.resetModules();
  try {
    const plain = await import("../../../core/kit/checksum.ts");
    expect(plain.crc32c(0xffffffff, data)).toBe(crc32c(0xffffffff, data));
  } finally {
    vi.unstubAllGlobals();
  }
});
