import { describe, expect, it } from "vitest";
import {
  decodeLabel,
  decodeShortName,
  encodeUtf16,
  LongName,
  shortNameChecksum,
} from "../../../core/filesystem/fat/name.ts";
import { fatTime } from "../../../core/filesystem/fat/time.ts";

const ascii = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));

/** The entries of a long name as they stand on disk, last piece first. */
function longEntries(name: string, short: Uint8Array): Uint8Array[] {
  const units = Array.from({ length: name.length }, (_, index) => name.charCodeAt(index));
  const pieces = Math.ceil(units.length / 13);
  const padded = [...units, 0, ...Array<number>(12).fill(0xffff)].slice(0, pieces * 13);
  return Array.from({ length: pieces }, (_, index) => {
    const raw = new Uint8Array(32);
    raw[0] = (index + 1) | (index + 1 === pieces ? 0x40 : 0);
    raw[11] = 0x0f;
    raw[13] = shortNameChecksum(short);
    [1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30].forEach((at, unit) => {
      new DataView(raw.buffer).setUint16(at, padded[index * 13 + unit] ?? 0xffff, true);
    });
    return raw;
  }).reverse();
}

const SHORT = ascii("LONGFI~1TXT");

describe("long names", () => {
  it.each(["a", "exactly13char", "fourteen chars", "x".repeat(255), "emoji 😀 across pieces"])("takes %s", (name) => {
    const long = new LongName();
    for (const raw of longEntries(name, SHORT)) long.add(raw);
    expect(long.take(SHORT)).toBe(name);
    expect(long.take(SHORT)).toBeNull();
  });

  it("drops pieces that are of another file, out of order or missing", () => {
    const entries = longEntries("a name of three whole pieces, no less", SHORT);
    const feed = (raws: readonly Uint8Array[], short = SHORT) => {
      const long = new LongName();
      for (const raw of raws) long.add(raw);
      return long.take(short);
    };
    expect(feed(entries)).not.toBeNull();
    expect(feed(entries, ascii("OTHER   TXT"))).toBeNull();
    expect(feed(entries.toReversed())).toBeNull();
    expect(feed(entries.slice(1))).toBeNull();
    expect(feed(entries.slice(0, -1))).toBeNull();
  });

  it("keeps a lone surrogate as bytes that are no UTF-8", () => {
    expect(encodeUtf16("😀")).toEqual(new TextEncoder().encode("😀"));
    expect(encodeUtf16("a\ud83d")).toEqual(Uint8Array.of(0x61, 0xed, 0xa0, 0xbd));
  });
});

describe("short names", () => {
  it.each([
    ["README  TXT", 0, "README.TXT"],
    ["README  TXT", 0x08, "readme.TXT"],
    ["README  TXT", 0x18, "readme.txt"],
    ["NOEXT      ", 0, "NOEXT"],
    ["\x05BC     \x81  ", 0, "σBC.ü"],
  ])("%j with NT bits %d is %s", (raw, bits, name) => {
    expect(decodeShortName(ascii(raw), bits)).toBe(name);
  });

  it("has no label for spaces and NO NAME", () => {
    expect(decodeLabel(ascii("EFI        "))).toBe("EFI");
    expect(decodeLabel(ascii("NO NAME    "))).toBeNull();
    expect(decodeLabel(ascii("           "))).toBeNull();
  });
});

describe("times", () => {
  it("are UTC, in steps of two seconds and hundredths", () => {
    const date = ((2024 - 1980) << 9) | (2 << 5) | 29;
    const time = (13 << 11) | (37 << 5) | 21;
    expect(fatTime(date, time, 155)).toEqual({
      seconds: Date.UTC(2024, 1, 29, 13, 37, 43) / 1000,
      nanoseconds: 550_000_000,
    });
  });

  it("read no date as FAT's first day", () => {
    expect(fatTime(0, 0)).toEqual({ seconds: Date.UTC(1980, 0, 1) / 1000, nanoseconds: 0 });
  });
});
