import { execFileSync } from "node:child_process";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { lookAt, mayBeThere } from "../../../core/host/look.ts";
import { readPlainFile } from "../../../core/host/plain-file.ts";
import { scratch } from "../../support/scratch.ts";

const folder = await scratch("look");
const at = (name: string) => join(folder, name);
await writeFile(at("file"), "four");
await writeFile(at("empty"), "");
await mkdir(at("folder"));
await symlink("file", at("link"));
await symlink("nowhere", at("dangling"));
execFileSync("mkfifo", [at("fifo")]);

const text = async (name: string, limit: number) => (await readPlainFile(at(name), limit))?.bytes.toString() ?? null;

it("reads a plain file whole, up to its limit, and nothing where there is none", async () => {
  expect(await text("file", 4)).toBe("four");
  expect(await text("empty", 0)).toBe("");
  for (const none of ["none", "none/below", "file/below"]) expect(await text(none, 4)).toBe(null);
  await expect(text("file", 3)).rejects.toMatchObject({ code: "E_FILE_SIZE" });
});

it.each(["link", "dangling", "folder", "fifo"])("reads no %s", async (name) => {
  await expect(text(name, 4)).rejects.toMatchObject({ code: "E_FILE_KIND" });
});

it("tells a circle of links above a file from a link at its end", async () => {
  await symlink("circle", at("circle"));
  await expect(text("circle", 4)).rejects.toMatchObject({ code: "E_FILE_KIND" });
  await expect(text("circle/file", 4)).rejects.toMatchObject({ code: "ELOOP" });
});

it("bounds what a file holds that says nothing of its size", async () => {
  const [path, limit] = ["/proc/self/limits", 64 << 10];
  expect((await readPlainFile(path, limit))?.bytes.toString()).toContain("Max open files");
  await expect(readPlainFile(path, 100)).rejects.toMatchObject({ code: "E_FILE_SIZE" });
});

it("looks through links, and tells a name that leads nowhere from none", () => {
  expect(lookAt(at("link"))?.size).toBe(4n);
  for (const none of ["dangling", "none", "file/below"]) expect(lookAt(at(none))).toBe(null);
  for (const name of ["file", "folder", "link", "dangling", "fifo"]) expect(mayBeThere(at(name))).toBe(true);
  for (const none of ["none", "none/below", "file/below"]) expect(mayBeThere(at(none))).toBe(false);
});
