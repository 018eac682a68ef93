import { expect, it } from "vitest";
import { formatDuration } from "../../../core/kit/duration.ts";

it.each([
  [0, "0 s"],
  [45.9, "45 s"],
  [60, "1 min"],
  [125, "2 min 5 s"],
  [3600, "1 h"],
  [3 * 86_400 + 4 * 3600 + 59, "3 d 4 h"],
  [86_400 + 59, "1 d"],
])("%d s are %s", (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});
