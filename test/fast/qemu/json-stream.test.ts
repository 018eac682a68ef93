import { expect, it } from "vitest";
import { JsonStream } from "../../../core/qemu/wire/json-stream.ts";
import { fc } from "../../support/property.ts";

/** Cuts bytes at the given places, in any order, again and again. */
function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const at = [...new Set(places.map((place) => place % (bytes.length + 1)))].toSorted((a, b) => a - b);
  return [...at, bytes.length].map((end, index) => bytes.subarray(at[index - 1] ?? 0, end));
}

const message = fc.dictionary(fc.string({ unit: "grapheme" }), fc.jsonValue({ stringUnit: "grapheme" }));
const feed = (stream: JsonStream, chunks: readonly Uint8Array[]) => chunks.flatMap((chunk) => stream.push(chunk));

it("gives each message once and whole, however the bytes are split and joined", () => {
  const lines = fc.array(fc.record({ value: message, delimited: fc.boolean(), end: fc.constantFrom("\n", "\r\n") }));
  fc.assert(
    fc.property(lines, fc.array(fc.nat(), { maxLength: 40 }), (sent, places) => {
      const bytes = Buffer.concat(
        sent.flatMap(({ value, delimited, end }) => [
          Buffer.from(delimited ? [0x7b, 0xff] : []),
          Buffer.from(JSON.stringify(value) + end),
        ]),
      );
      const got = feed(new JsonStream(() => 1 << 20), cut(bytes, places));
      const wanted = sent.map(({ value, delimited }) => ({
        kind: "message",
        value: JSON.parse(JSON.stringify(value)),
        delimited,
      }));
      expect(got).toEqual(wanted);
    }),
  );
});

it("goes on after garbage and after a line that is too long, at whatever place it is cut", () => {
  const bytes = Buffer.from(`nonsense\n[1]\n{"a":"${"x".repeat(100)}"}\n\n{"b":1}\n{"c":`);
  fc.assert(
    fc.property(fc.array(fc.nat(), { maxLength: 20 }), (places) => {
      const kinds = feed(new JsonStream(() => 50), cut(bytes, places)).map((item) =>
        item.kind === "message" ? item.value : item.kind,
      );
      expect(kinds).toEqual(["garbage", "garbage", "oversize", { b: 1 }]);
    }),
  );
});

it("never throws and never holds more than its limit, whatever comes", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 300 })), (chunks) => {
      for (const item of feed(new JsonStream(() => 64), chunks)) {
        if (item.kind === "message") expect(JSON.stringify(item.value).length).toBeLessThanOrEqual(64 * 6);
      }
    }),
  );
});
