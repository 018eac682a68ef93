import { describe, expect, it } from "vitest";
import { momentOf } from "../../../cli/command/moment.ts";

const NOW = Date.UTC(2026, 10, 30, 12, 34, 56);
const at = (text: string) => {
  const found = momentOf(text, NOW);
  return found === null ? null : new Date(found / 1000).toISOString();
};

describe("a time on the command line", () => {
  it.each([
    ["now", "2026-11-30T12:34:56.000Z"],
    ["today", "2026-11-30T00:00:00.000Z"],
    ["yesterday", "2026-11-29T00:00:00.000Z"],
    ["tomorrow", "2026-12-01T00:00:00.000Z"],
    ["10:20", "2026-11-30T10:20:00.000Z"],
    ["2023-11-14", "2023-11-14T00:00:00.000Z"],
    ["2023-11-14 22:30", "2023-11-14T22:30:00.000Z"],
    ["2023-11-14T22:30:05.25", "2023-11-14T22:30:05.250Z"],
    ["2023-11-14 22:30:00 UTC", "2023-11-14T22:30:00.000Z"],
    ["2023-11-14T22:30:00+02:00", "2023-11-14T20:30:00.000Z"],
    ["@1700000000.5", "2023-11-14T22:13:20.500Z"],
    ["-2h", "2026-11-30T10:34:56.000Z"],
    ["-1h 30min", "2026-11-30T11:04:56.000Z"],
    ["+5m", "2026-11-30T12:39:56.000Z"],
    ["2 days ago", "2026-11-28T12:34:56.000Z"],
    ["3weeks 1d ago", "2026-11-08T12:34:56.000Z"],
    ["-90", "2026-11-30T12:33:26.000Z"],
  ])("%s is %s", (text, expected) => {
    expect(at(text)).toBe(expected);
  });

  it.each([
    "",
    "soon",
    "2h",
    "-",
    "-2 parsecs",
    "ago",
    "2026-13-40",
    "25:99",
    "@",
    "-2h ago",
    "--2h",
    "2026-11-30x",
    "1e5 ago",
  ])("%j is none", (text) => {
    expect(momentOf(text, NOW)).toBeNull();
  });
});
