import { chmod, mkdir, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { makeFolder, makeOwnFolder } from "../../../core/host/folder.ts";
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

it("closes a folder of its own, and none that a link in its place leads to", async () => {
  const dir = await scratch("folder");
  const bits = async (name: string) => (await stat(join(dir, name))).mode & 0o7777;
  for (const name of ["own", "host", "shared"]) await mkdir(join(dir, name));
  for (const name of ["own", "host"]) await chmod(join(dir, name), 0o755);
  await chmod(join(dir, "shared"), 0o1777);
  await symlink("host", join(dir, "link"));
  for (const name of ["own", "link", "shared"]) await makeOwnFolder(join(dir, name));
  expect([await bits("own"), await bits("host"), await bits("shared")]).toEqual([0o700, 0o755, 0o1777]);
});
