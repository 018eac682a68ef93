import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";

const tests = join(import.meta.dirname, "../..");

it("no property is tried with values that chance alone decides: all come by support/property", async () => {
  const found: string[] = [];
  for await (const path of glob("**/*.ts", { cwd: tests })) {
    if (/^import .* from "fast-check"/m.test(await readFile(join(tests, path), "utf8"))) found.push(path);
  }
  expect(found).toEqual(["support/property.ts"]);
});
