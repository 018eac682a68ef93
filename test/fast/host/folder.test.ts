import { mkdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { makeFolder } from "../../../core/host/folder.ts";
import { scratch } from "../../support/run.ts";

it("makes a folder and those above it, side by side and again", async () => {
  const deep = join(await scratch("folder"), "a/b/c");
  await Promise.all([makeFolder(deep, 0o700), makeFolder(deep, 0o700)]);
  await makeFolder(deep);
  expect((await stat(deep)).mode & 0o777).toBe(0o700);
});

it("refuses what cannot be a folder, and ends where nothing can be made", async () => {
  const dir = await scratch("folder");
  await writeFile(join(dir, "file"), "");
  await mkdir(join(dir, "sub"));
  const taken = { code: "E_FOLDER", at: { file: join(dir, "file") } };
  await expect(makeFolder(join(dir, "file"))).rejects.toMatchObject(taken);
  await expect(makeFolder(join(dir, "file/below"))).rejects.toMatchObject(taken);
  const nowhere = { code: "E_SYSTEM_ENOENT", at: { file: "/proc/nope" } };
  await expect(makeFolder("/proc/nope/below")).rejects.toMatchObject(nowhere);
});
