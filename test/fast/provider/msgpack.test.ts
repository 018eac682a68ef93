import { UNKNOWN, type Value } from "@guestkit/core/model";
import { describe, expect, it } from "vitest";
import { decodeMsgpack } from "../../../provider/wire/msgpack-decode.ts";
import { encodeMsgpack } from "../../../provider/wire/msgpack-encode.ts";
import { fc } from "../../support/property.ts";

const value: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom<Value>(null, true, false, UNKNOWN),
    fc.maxSafeInteger(),
    fc.double({ noNaN: true }).filter((each) => !Object.is(each, -0)),
    fc.string({ unit: "grapheme" }),
    fc.array(tie("value")),
    fc.dictionary(fc.string(), tie("value")),
  ),
})).value;

const hex = (text: string) => Buffer.from(text.replaceAll(" ", ""), "hex");

describe("msgpack", () => {
  it("gives back whatever it wrote", () => {
    const roundTrip = (each: Value) => {
      expect(decodeMsgpack(encodeMsgpack(each))).toEqual(each);
    };
    fc.assert(fc.property(value, roundTrip));
  });

  it("writes the bytes that the specification gives", () => {
    expect(encodeMsgpack({ a: [1, -1, null, true] })).toEqual(hex("81 a1 61 94 01 ff c0 c3"));
    expect(encodeMsgpack(UNKNOWN)).toEqual(hex("d4 00 00"));
    expect(encodeMsgpack("x".repeat(40)).subarray(0, 2)).toEqual(hex("d9 28"));
    expect(encodeMsgpack(0.5)).toEqual(hex("cb 3f e0 00 00 00 00 00 00"));
  });

  it.each([
    ["uint 8", "cc ff", 255],
    ["uint 32", "ce ff ff ff ff", 4294967295],
    ["uint 64", "cf 00 00 00 05 00 00 00 00", 21474836480],
    ["int 16", "d1 80 00", -32768],
    ["float 32", "ca 3f 80 00 00", 1],
    ["str 16", "da 00 01 61", "a"],
    ["array 16", "dc 00 01 c0", [null]],
    ["map 32", "df 00 00 00 01 a1 61 c2", { a: false }],
    ["an unknown value", "d4 00 00", UNKNOWN],
    ["an unknown value with refinements", "c7 03 0c 81 01 c2", UNKNOWN],
  ])("reads %s as engines write it", (_name, bytes, expected) => {
    expect(decodeMsgpack(hex(bytes))).toEqual(expected);
  });

  it.each([
    ["an early end", "93 01"],
    ["a count beyond the end", "dd ff ff ff ff"],
    ["bytes left over", "c0 c0"],
    ["a key that is no string", "81 c0 c0"],
    ["a type that Terraform does not use", "c1"],
    ["endless nesting", "91".repeat(300)],
  ])("refuses %s", (_name, bytes) => {
    expect(() => decodeMsgpack(hex(bytes))).toThrow(RangeError);
  });

  it("takes __proto__ as a key like any other", () => {
    const decoded = decodeMsgpack(hex("81 a9 5f5f70726f746f5f5f 81 a1 61 01")) as object;
    expect(Object.keys(decoded)).toEqual(["__proto__"]);
    expect(Object.getPrototypeOf(decoded)).toBe(Object.prototype);
  });
});
