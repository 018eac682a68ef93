import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";

const folder = join(import.meta.dirname, "../../../docs/decisions");

it("decisions are numbered one after another, and bear their number", async () => {
  const names = (await readdir(folder)).filter((name) => /^\d/.test(name)).sort();
  const numbers = names.map((name) => Number(name.slice(0, 4)));
  expect(numbers).toEqual(names.map((_, index) => index + 1));
  const titles = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  expect(titles.map((text) => Number(/^# (\d+)/.exec(text)?.[1]))).toEqual(numbers);
});
