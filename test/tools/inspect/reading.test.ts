import { spawn } from "node:child_process";
import { once } from "node:events";
import { access, copyFile, mkdir, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { copyOut } from "../../../core/copy/index.ts";
import { reading } from "../../../core/inspect/index.ts";
import { scratch } from "../../support/scratch.ts";
import { run } from "../../support/tool.ts";

const folder = await scratch("reading-tools");
const image = join(folder, "a.img");
await mkdir(join(folder, "content/folder"), { recursive: true });
for (const name of ["file", "folder/file"]) await writeFile(join(folder, "content", name), "kept\n");
await run("mke2fs", ["-q", "-t", "ext4", "-d", join(folder, "content"), image, "4M"]);

async function replace(): Promise<void> {
  await copyFile(image, `${image}.next`);
  await rename(`${image}.next`, image);
}

it.each(["/file", "/folder"])("never gives a copy of %s its name that may be torn", async (path) => {
  const dest = join(folder, "copy");
  const copied = reading(image, {}, async (disk, output) => {
    const tree = await disk.tree();
    await replace();
    return copyOut(tree, Buffer.from(path), Buffer.from(dest), { recursive: true, output });
  });
  await expect(copied).rejects.toMatchObject({ code: "E_IMAGE_CHANGING" });
  await expect(access(dest)).rejects.toThrow("ENOENT");
});

it("answers of an image that QEMU writes to all the while, and tells so", async () => {
  await using writer = await openWriter(image);
  let turns = 0;
  const warnings = await reading(image, { format: "raw" }, async (disk) => {
    turns++;
    await writer.write();
    return disk.hostWarnings;
  });
  expect(warnings.join()).toMatch(/writing to the image/);
  expect(turns).toBe(1);
});

async function openWriter(path: string) {
  const child = spawn("qemu-io", ["-f", "raw", path], { stdio: ["pipe", "pipe", "ignore"] });
  const ask = async (command: string) => {
    child.stdin.write(`${command}\n`);
    await once(child.stdout, "data");
  };
  await ask("length");
  return {
    write: async () => {
      const { mtimeNs } = await stat(path, { bigint: true });
      while ((await stat(path, { bigint: true })).mtimeNs === mtimeNs) await ask("write 1M 512");
    },
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}
