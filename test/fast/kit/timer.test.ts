import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { timeLimit, timerMs } from "../../../core/kit/timer.ts";
import { Session } from "../../../pulumi/native/session.ts";

it("gives a timer whole milliseconds, and never more than one can have", () => {
  expect([1000.5, 0.1, -3, 2 ** 31, 7_200_000_000].map(timerMs)).toEqual([1001, 1, 0, 2 ** 31 - 1, 2 ** 31 - 1]);
  expect(() => timeLimit(1.0005)).not.toThrow();
});

it("lets work go on whose customTimeouts are weeks, and what comes after it", async () => {
  const { signal } = new AbortController();
  for (const timeout of [600 * 3600, 2000 * 3600, 1.0005]) {
    const work = async (limit: AbortSignal) => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      return limit.aborted;
    };
    expect(await new Session().run({ signal, timeout }, work)).toBe(false);
  }
});

it("is asked by every timer whose time a user gives", () => {
  const root = join(import.meta.dirname, "../../..");
  const files = ["core", "cli", "provider", "pulumi", "ansible"].flatMap((face) =>
    globSync(`${face}/**/*.ts`, { cwd: root, exclude: (each) => /node_modules|^dist$|generated/.test(each) }),
  );
  // A constant of the code's own is no user's, and neither is what is a part of one.
  const given =
    /(?:AbortSignal\.timeout\(|setTimeout\([^;\n]*, )(?!timerMs)[\w.* ]*(?:timeout|seconds \* 1000)[\w.* ]*\);/i;
  const found = files.filter(
    (file) => file !== "core/kit/timer.ts" && given.test(readFileSync(join(root, file), "utf8")),
  );
  expect(found).toEqual([]);
});
