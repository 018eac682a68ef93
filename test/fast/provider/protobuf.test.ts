import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { emitProtocol } from "../../../core/grpc/proto-emit.ts";
import { parseProto } from "../../../core/grpc/proto-parse.ts";
import { FIELDS, type Messages } from "../../../provider/generated/protocol.ts";
import { decodeMessage, encodeMessage } from "../../../provider/wire/protobuf.ts";
import { fc } from "../../support/property.ts";

const provider = join(import.meta.dirname, "../../../provider");
const read = (name: string) => readFileSync(join(provider, name), "utf8");

/** An arbitrary message of a name, a few levels deep. */
function message(name: string, depth: number): fc.Arbitrary<Record<string, unknown>> {
  const fields = (depth > 0 ? (FIELDS[name] ?? []) : []).map(([, field, kind, label]) => {
    const one = single(kind, depth);
    const shaped = label === "repeated" ? fc.array(one, { minLength: 1, maxLength: 3 }) : one;
    return [field, label === "map" ? fc.dictionary(fc.string(), one, { minKeys: 1, maxKeys: 3 }) : shaped] as const;
  });
  return fc.record(Object.fromEntries(fields), { requiredKeys: [] });
}

function single(kind: string, depth: number): fc.Arbitrary<unknown> {
  if (kind === "string") return fc.string({ unit: "grapheme" });
  if (kind === "bytes") return fc.uint8Array().map((bytes) => Buffer.from(bytes));
  if (kind === "bool") return fc.boolean();
  return kind === "int64" ? fc.maxSafeInteger() : kind === "uint32" ? fc.nat() : message(kind, depth - 1);
}

describe("protobuf", () => {
  it.each(Object.keys(FIELDS))("gives back every %s that it wrote", (name) => {
    const roundTrip = (each: object) => {
      const decoded = decodeMessage(name as keyof Messages, encodeMessage(name as keyof Messages, each));
      expect(decoded).toEqual(each);
    };
    fc.assert(fc.property(message(name, 4), roundTrip), { numRuns: 20 });
  });

  it("writes the bytes that the encoding's specification gives", () => {
    const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
    expect(hex(encodeMessage("HealthCheckRequest", { service: "testing" }))).toBe("0a0774657374696e67");
    expect(hex(encodeMessage("UpgradeResourceStateRequest", { version: 150 }))).toBe("109601");
    expect(hex(encodeMessage("UpgradeResourceStateRequest", { version: -1 }))).toBe("10ffffffffffffffffff01");
    expect(hex(encodeMessage("RawState", { flatmap: { a: "b" } }))).toBe("12060a0161120162");
    // A member of a oneof is written even where it is zero: its presence is what counts.
    expect(hex(encodeMessage("AttributePathStep", { element_key_int: 0 }))).toBe("1800");
  });

  it("skips fields that it does not know", () => {
    const [known, delimited, varint] = ["0a0161", "9a01026162", "a00107"];
    const [fixed32, fixed64] = ["ad0100000000", "a1010000000000000000"];
    const bytes = Buffer.from([known, delimited, varint, fixed32, fixed64].join(""), "hex");
    expect(decodeMessage("HealthCheckRequest", bytes)).toEqual({ service: "a" });
  });

  it("refuses a message that ends early", () => {
    expect(() => decodeMessage("HealthCheckRequest", Buffer.from("0a05616263", "hex"))).toThrow(RangeError);
  });
});

describe("the .proto files", () => {
  it("are what the tables were generated from", () => {
    const files = ["tfplugin6", "plugin", "health"].map((name) => parseProto(read(`proto/${name}.proto`)));
    expect(read("generated/protocol.ts")).toBe(emitProtocol(files));
  });

  it("refuse a type that is nowhere", () => {
    expect(() => parseProto('syntax = "proto3"; package p; message A { Missing b = 1; }')).toThrow("Missing");
  });
});
