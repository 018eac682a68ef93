import { describe, expect, test } from "vitest";
import { bits64, bytes, cstring, guid, i32, struct, u8, u16, u32, u64, uuid } from "../../../core/kit/struct.ts";
import { fc } from "../../support/property.ts";

const fields = { a: u8(0), b: u16(1), c: u32(3), d: u64(7), e: bits64(15), f: i32(23) };

describe.each(["little", "big"] as const)("%s endian", (endian) => {
  const declared = struct("test", endian, 27, fields);
  const little = endian === "little";

  test("fields read what was written at their offsets, wherever the structure stands", () => {
    const values = fc.record({
      a: fc.nat(0xff),
      b: fc.nat(0xffff),
      c: fc.nat(0xffffffff),
      d: fc.maxSafeNat(),
      e: fc.bigInt(0n, 2n ** 64n - 1n),
      f: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
    });
    fc.assert(
      fc.property(values, fc.nat(20), (value, offset) => {
        const backing = new Uint8Array(60);
        const view = new DataView(backing.buffer, 5);
        view.setUint8(offset, value.a);
        view.setUint16(offset + 1, value.b, little);
        view.setUint32(offset + 3, value.c, little);
        view.setBigUint64(offset + 7, BigInt(value.d), little);
        view.setBigUint64(offset + 15, value.e, little);
        view.setInt32(offset + 23, value.f, little);
        const { a, b, c, d, e, f } = declared.decode(backing.subarray(5), offset);
        expect({ a, b, c, d, e, f }).toEqual(value);
      }),
    );
  });

  test("numbers past 2^53 throw when they are asked for, not before", () => {
    const raw = new Uint8Array(27).fill(0xff);
    const decoded = declared.decode(raw);
    expect(decoded.e).toBe(2n ** 64n - 1n);
    expect(() => decoded.d).toThrow(expect.objectContaining({ code: "E_NUMBER_RANGE" }));
  });
});

test("what is too short is refused, before and behind", () => {
  const declared = struct("test", "big", 8, { a: u64(0) });
  for (const offset of [-1, 1, 9]) {
    expect(() => declared.decode(new Uint8Array(8), offset)).toThrow(
      expect.objectContaining({ code: "E_STRUCT_TRUNCATED" }),
    );
  }
});

test("a field past its structure is a fault of the declaration", () => {
  expect(() => struct("test", "big", 7, { a: u64(0) })).toThrow(RangeError);
});

test("bytes are a view, texts end at the first NUL", () => {
  const raw = new TextEncoder().encode("xabc\0defgh");
  const decoded = struct("test", "big", 10, { text: cstring(1, 8), full: cstring(5, 3), raw: bytes(1, 3) }).decode(raw);
  expect([decoded.text, decoded.full]).toEqual(["abc", "def"]);
  raw[1] = 0x7a;
  expect([...decoded.raw]).toEqual([0x7a, 0x62, 0x63]);
});

test("identifiers in both orders (UEFI 2.10, appendix A)", () => {
  const raw = Uint8Array.from({ length: 16 }, (_, index) => index);
  const decoded = struct("test", "little", 16, { uuid: uuid(0), guid: guid(0) }).decode(raw);
  expect(decoded.uuid).toBe("00010203-0405-0607-0809-0a0b0c0d0e0f");
  expect(decoded.guid).toBe("03020100-0504-0706-0809-0a0b0c0d0e0f");
});
