import { execFileSync } from "node:child_process";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findFile } from "../../../core/source/find-file.ts";
import type { ByteSource } from "../../../core/source/source.ts";
import { scratch } from "../../support/run.ts";

const dir = await scratch("find-file");
const isIt = async (source: ByteSource) => (await source.read(0, 2))[0] === 0x69;

test("passes over whatever is no file of bytes, in a folder that others may write to", async () => {
  const folder = join(dir, "shared");
  await mkdir(join(folder, "a.vdi"), { recursive: true });
  execFileSync("mkfifo", [join(folder, "b.vdi")]);
  await symlink("c.vdi", join(folder, "c.vdi"));
  await symlink("/dev/zero", join(folder, "d.vdi"));
  await symlink("/nowhere", join(folder, "e.vdi"));
  await writeFile(join(folder, "f.vdi"), "");
  await writeFile(join(folder, "g.VDI"), "i am");
  expect(await findFile(join(folder, "child.vdi"), ".vdi", isIt)).toBe("g.VDI");
});

test("looks into the folder above from Snapshots alone, and finds nothing where it cannot look", async () => {
  const folder = join(dir, "machine", "Snapshots");
  await mkdir(folder, { recursive: true });
  await writeFile(join(dir, "machine", "base.vdi"), "i am");
  expect(await findFile(join(folder, "child.vdi"), ".vdi", isIt)).toBe("../base.vdi");
  await mkdir(join(dir, "machine", "Other"));
  expect(await findFile(join(dir, "machine", "Other", "child.vdi"), ".vdi", isIt)).toBeNull();
  expect(await findFile(join(dir, "nowhere", "child.vdi"), ".vdi", isIt)).toBeNull();
});
