import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { fixture } from "../../support/fixture.ts";

let cache: string;
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), "guestkit-fixture-"));
  vi.stubEnv("GUESTKIT_CACHE_DIR", cache);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(cache, { recursive: true });
});

/** Writes what `say` answers; only "right" is proved. */
const made = (say: () => string) =>
  fixture(
    "kind",
    "recipe",
    (dir) => writeFile(join(dir, "file"), say()),
    async (dir) => {
      if ((await readFile(join(dir, "file"), "utf8")) !== "right") throw new Error("the file is wrong");
    },
  );

it("makes a wrong one again, and keeps only what is proved", async () => {
  const said = ["wrong", "right", "never asked"];
  const dir = await made(() => said.shift() ?? "");
  expect(await made(() => said.shift() ?? "")).toBe(dir);
  expect(said).toEqual(["never asked"]);
});

it("refuses what stays wrong, with the reason, and keeps nothing", async () => {
  const refused = await made(() => "wrong").catch((error: Error) => error);
  expect(refused).toMatchObject({ cause: { message: "the file is wrong" } });
  expect(await readdir(join(cache, "fixtures"))).toEqual([]);
});

it("makes a kept one anew that fails its proof", async () => {
  const dir = await made(() => "right");
  await writeFile(join(dir, "file"), "spoilt");
  expect(await made(() => "right")).toBe(dir);
  expect(await readFile(join(dir, "file"), "utf8")).toBe("right");
});
