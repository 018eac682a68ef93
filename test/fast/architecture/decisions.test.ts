import { glob, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "../../..");
const folder = join(root, "docs/decisions");

it("decisions are numbered one after another, and bear their number", async () => {
  const names = (await readdir(folder)).filter((name) => /^\d/.test(name)).sort();
  const numbers = names.map((name) => Number(name.slice(0, 4)));
  expect(numbers).toEqual(names.map((_, index) => index + 1));
  const titles = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  expect(titles.map((text) => Number(/^# (\d+)/.exec(text)?.[1]))).toEqual(numbers);
});

it("decisions are cited by their whole names: a number alone says nothing of which one is meant", async () => {
  const names = await readdir(folder);
  const wrong: string[] = [];
  const places = ["docs/*.md", "docs/guide/*.md", "{core,cli,provider,pulumi}/!(dist|node_modules)/**/*.ts"];
  for await (const path of glob(places, { cwd: root, exclude: ["**/node_modules/**"] })) {
    for (const [cited, name = ""] of (await readFile(join(root, path), "utf8")).matchAll(
      /decisions?[ /](\d{4}[\w.-]*)/g,
    ))
      if (!names.includes(name.replace(/\.$/, ""))) wrong.push(`${path}: ${cited}`);
  }
  expect(wrong).toEqual([]);
});
