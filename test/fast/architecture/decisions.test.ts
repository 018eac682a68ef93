import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";

const folder = join(import.meta.dirname, "../../../docs/decisions");

it("decisions are numbered one after another, and bear their number", async () => {
  const names = (await readdir(folder)).filter((name) => /^\d/.test(name)).sort();
  const numbers = names.map((name) => name.slice(0, 4));
  const first = Number(numbers[0]);
  expect(numbers).toEqual(names.map((_, index) => String(first + index).padStart(4, "0")));
  const titles = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  expect(titles.map((text) => /^# (\d+)/.exec(text)?.[1])).toEqual(numbers);
});
