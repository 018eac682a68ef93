import { describe, expect, it } from "vitest";
import { aclText } from "../../../core/archive/acl.ts";
import { decimal, encodeRecords } from "../../../core/archive/header.ts";
import { formatMode, formatTime } from "../../../core/archive/index.ts";
import { safeTarget } from "../../../core/copy/link.ts";

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
