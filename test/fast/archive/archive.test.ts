import { describe, expect, it } from "vitest";
import { aclText } from "../../../core/archive/acl.ts";
import { decimal, encodeRecords, FLAG, writeHeader } from "../../../core/archive/header.ts";
import { formatMode, formatTime } from "../../../core/archive/index.ts";
import { safeTarget } from "../../../core/copy/link.ts";
import { fc } from "../../support/property.ts";

describe("pax records", () => {
  it("count themselves, over a change of digits too", () => {
    expect(encodeRecords([["path", "x".repeat(3)]])).toBe("12 path=xxx\n");
    for (let length = 80; length < 1010; length++) {
      const record = encodeRecords([["path", "x".repeat(length)]]);
      expect(Number.parseInt(record, 10)).toBe(record.length);
    }
  });

  it.each([
    [{ seconds: 5, nanoseconds: 0 }, "5"],
    [{ seconds: 5, nanoseconds: 120 }, "5.00000012"],
    [{ seconds: -1, nanoseconds: 250_000_000 }, "-0.75"],
    [{ seconds: -2, nanoseconds: 0 }, "-2"],
  ])("write %j as %s", (time, text) => {
    expect(decimal(time)).toBe(text);
  });
});

it("writes each number of a header in octal, to its last digit, and the sum of what stands there", () => {
  const number = (most: number) =>
    fc.oneof(fc.integer({ min: 0, max: most }), fc.constantFrom(...[0, 2 ** 30, most].filter((each) => each <= most)));
  const arbitrary = fc.record({
    size: number(0o77777777777),
    seconds: number(0o77777777777),
    uid: number(0o7777777),
    path: fc.string({
      unit: fc.integer({ min: 1, max: 255 }).map((byte) => String.fromCharCode(byte)),
      maxLength: 120,
    }),
  });
  fc.assert(
    fc.property(arbitrary, ({ size, seconds, uid, path }) => {
      const mtime = { seconds, nanoseconds: 0 };
      const member = { flag: FLAG.file, path, linkPath: "", mode: 0o644, uid, gid: 7, size, mtime, device: null };
      const bytes = Buffer.alloc(3 * 512);
      writeHeader(member, bytes, 512);
      const header = bytes.subarray(512, 1024);
      const field = (start: number, end: number) => Number.parseInt(header.toString("latin1", start, end), 8);
      expect([field(108, 116), field(124, 136), field(136, 148)]).toEqual([uid, size, seconds]);
      const sum = header.reduce((all, byte, at) => all + (at >= 148 && at < 156 ? 32 : byte), 0);
      expect(field(148, 154)).toBe(sum);
      expect(header.subarray(0, 100).every((byte) => byte < 128)).toBe(true);
      expect([...bytes.subarray(0, 512), ...bytes.subarray(1024)].some((byte) => byte !== 0)).toBe(false);
    }),
  );
});

describe("times and modes", () => {
  it.each([
    [{ seconds: 0, nanoseconds: 1 }, "1970-01-01T00:00:00.000000001Z"],
    [{ seconds: -1, nanoseconds: 999_999_999 }, "1969-12-31T23:59:59.999999999Z"],
    [{ seconds: 253402300800, nanoseconds: 0 }, "+010000-01-01T00:00:00.000000000Z"],
  ])("%j", (time, text) => {
    expect(formatTime(time)).toBe(text);
  });

  it("shows four octal digits", () => {
    expect([formatMode(0o644), formatMode(0o104755), formatMode(0)]).toEqual(["0644", "4755", "0000"]);
  });
});

it("writes an access list as acl(5) does", () => {
  const entry = (tag: number, bits: number, id = 0xffffffff) => [
    tag,
    0,
    bits,
    0,
    ...new Uint8Array(Uint32Array.of(id).buffer),
  ];
  const bytes = Uint8Array.from([
    2,
    0,
    0,
    0,
    ...entry(1, 7),
    ...entry(2, 5, 1000),
    ...entry(4, 4),
    ...entry(16, 5),
    ...entry(32, 0),
  ]);
  expect(aclText(bytes)).toBe("user::rwx,user:1000:r-x,group::r--,mask::r-x,other::---");
  expect(aclText(bytes.subarray(0, 9))).toBeNull();
});

describe("links that stay inside the copied folder", () => {
  it.each([
    ["passwd", "", "passwd"],
    ["../usr/lib/x", "etc", "../usr/lib/x"],
    ["../../x", "a/b", "../../x"],
    ["../../../x", "a/b", null],
    ["..", "", null],
    ["/copied/etc/x", "a", "../etc/x"],
    ["/copied", "a/b", "../../"],
    ["/etc/passwd", "a", null],
    ["/copied/../etc", "a", null],
    ["up/../../x", "a/b", null],
    ["./../x", "a", "./../x"],
  ])("%s in %j becomes %j", (target, folder, expected) => {
    expect(safeTarget(target, folder, "/copied")).toBe(expected);
  });
});
