import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { writeCache, writeWhole } from "../../../core/host/whole-file.ts";
import { setLogSink } from "../../../core/kit/log.ts";
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

it.each([writeWhole, writeCache])("removes what a killed writer left ($name)", async (write) => {
  const path = join(folder, `killed-${write.name}.json`);
  // No process has this number.
  const left = `.killed-${write.name}.json.guestkit-partial-4194305-0011223344556677-text`;
  await writeFile(join(folder, left), "half");
  await write(path, "whole");
  expect(await readFile(path, "utf8")).toBe("whole");
  expect(await readdir(folder)).not.toContain(left);
});

it("leaves the old one where the new one cannot take its place", async () => {
  const path = join(folder, "taken");
  await mkdir(join(path, "inside"), { recursive: true });
  await expect(writeWhole(path, "new")).rejects.toThrow("EISDIR");
  expect((await readdir(folder)).filter((name) => name.includes("taken"))).toEqual(["taken"]);
});

it("stops nothing where a cache cannot be written, and tells the log", async () => {
  const said: string[] = [];
  setLogSink((level, message, fields) => said.push(`${level}: ${message}: ${fields.error}`));
  const taken = join(folder, "taken-cache");
  await mkdir(join(taken, "inside"), { recursive: true });
  await writeFile(join(folder, "file"), "");
  for (const path of [taken, join(folder, "file/below")]) await writeCache(path, "new");
  setLogSink(undefined);
  expect(said).toEqual([
    expect.stringContaining("warn: a cache is not"),
    expect.stringContaining("warn: a cache is not"),
  ]);
  expect((await readdir(folder)).filter((name) => name.includes("taken-cache"))).toEqual(["taken-cache"]);
});
