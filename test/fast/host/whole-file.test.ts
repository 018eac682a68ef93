import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { writeWhole } from "../../../core/host/whole-file.ts";
import { scratch } from "../../support/scratch.ts";

const folder = await scratch("whole-file");

it("makes the folder, replaces the file at once, and leaves nothing beside it", async () => {
  const path = join(folder, "made/list.json");
  await writeWhole(path, "old", { mode: 0o600 });
  await writeWhole(path, "new", { mode: 0o600 });
  expect(await readFile(path, "utf8")).toBe("new");
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await readdir(join(folder, "made"))).toEqual(["list.json"]);
});

it.each([false, true])("removes what a killed writer left (a cache: %s)", async (isCache) => {
  const path = join(folder, `killed-${isCache}.json`);
  // No process has this number.
  const left = `.killed-${isCache}.json.guestkit-partial-4194305-0011223344556677-text`;
  await writeFile(join(folder, left), "half");
  await writeWhole(path, "whole", { isCache });
  expect(await readdir(folder)).not.toContain(left);
});

it("leaves the old one where the new one cannot take its place", async () => {
  const path = join(folder, "taken");
  await mkdir(join(path, "inside"), { recursive: true });
  await expect(writeWhole(path, "new")).rejects.toThrow("EISDIR");
  expect((await readdir(folder)).filter((name) => name.includes("taken"))).toEqual(["taken"]);
});
