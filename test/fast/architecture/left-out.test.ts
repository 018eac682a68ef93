import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";

const tests = resolve(import.meta.dirname, "../..");

/** Test files below a folder of `test/`, with what they hold. */
async function filesOf(folder: string): Promise<readonly (readonly [string, string])[]> {
  const names = (await readdir(join(tests, folder), { recursive: true })).filter((name) => name.endsWith(".test.ts"));
  const paths = names.map((name) => join(tests, folder, name));
  return Promise.all(paths.map(async (path) => [path, await readFile(path, "utf8")] as const));
}

it("what the default run leaves out is taken up by the slow one", async () => {
  const all = [...(await filesOf("engines")), ...(await filesOf("tools")), ...(await filesOf("fast"))];
  const scenarios = all.filter(([path]) => path !== import.meta.filename);
  const halves = scenarios.filter(([, text]) => /\/support\/slow\.ts"|GUESTKIT_SLOW/.test(text)).map(([path]) => path);
  const taken = (await filesOf("slow")).flatMap(([path, text]) =>
    [...text.matchAll(/^import "(.+)";$/gm)].map(([, named = ""]) => resolve(path, "..", named)),
  );
  expect(halves.length).toBeGreaterThan(0);
  expect(halves.filter((path) => !taken.includes(path))).toEqual([]);
});
