/** Tools that end well and have not written what they were to write: what was published stays, and nothing is announced. */
import { access, chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { whereIs } from "../../../core/host/program/process.ts";
import { run } from "../../support/run.ts";
import { leftovers, partitionOf, workbench } from "./workbench.ts";

const bench = await workbench("unproven");
const { at, apply } = bench;
const before = process.env.PATH;

afterEach(async () => {
  process.env.PATH = before;
  expect(await leftovers(bench.dir)).toEqual([]);
});

/** From now on `tool` is a script, in which `$real` is the tool itself and `$last` its last argument. */
async function replaceTool(tool: string, script: string): Promise<void> {
  const folder = at(`bin-${tool}`);
  await mkdir(folder);
  await writeFile(join(folder, tool), `#!/bin/sh\nreal=${whereIs(tool)}\nfor last; do :; done\n${script}\n`);
  await chmod(join(folder, tool), 0o755);
  process.env.PATH = `${folder}:${before}`;
}

/** Four bytes are lost of what it wrote: of the superblock its checksum (ext4's on-disk format). */
const torn = (at: number) => `printf lost | dd of="$last" bs=1 seek=${at} conv=notrunc status=none`;
const SUPERBLOCK = `"$real" "$@" && ${torn(1024 + 0x3fc)}`;

const size = { size: "96M" };
const files = { files: [{ path: "/new", content: "new\n".repeat(1000) }] };

test.each([
  ["resize2fs", "a superblock", SUPERBLOCK, size, "E_FILESYSTEM"],
  ["resize2fs", "group descriptors", `"$real" "$@" && ${torn(4096)}`, size, "E_FILESYSTEM"],
  ["resize2fs", "anything", "", size, "E_FILESYSTEM_UNPROVEN"],
  ["debugfs", "a superblock", SUPERBLOCK, files, "E_FILESYSTEM"],
  ["debugfs", "anything", "", files, "E_FILES_UNPROVEN"],
  ["qemu-io", "anything", "", files, "E_REDO_UNPROVEN"],
  ["qemu-io", "anything", "", size, "E_REDO_UNPROVEN"],
])("%s that leaves out %s", async (tool, what, script, more, code) => {
  const path = `${tool}-${what.replaceAll(" ", "-")}-${code}-${"size" in more}.raw`;
  const config = { path, format: "raw", size: "64M", layout: { partitions: [{ name: "a", filesystem: "ext4" }] } };
  await apply(config);
  const old = await run("sha256sum", [at(path)]);
  await run("rm", ["-rf", at(`bin-${tool}`)]);
  await replaceTool(tool, script);
  await expect(apply({ ...config, ...more })).rejects.toMatchObject({ code: expect.stringMatching(`^${code}`) });
  expect(await run("sha256sum", [at(path)])).toBe(old);
  process.env.PATH = before;
  await apply({ ...config, ...more });
});

test("e2fsck that leaves out its last write after the growth", async () => {
  const config = {
    path: "grown.raw",
    format: "raw",
    size: "64M",
    layout: { partitions: [{ name: "a", filesystem: "ext4" }] },
  };
  await apply(config);
  const again = `"$real" "$@"; code=$?; [ ! -e "${at("once")}" ] || ${torn(1024 + 0x3fc)}; touch "${at("once")}"; exit $code`;
  await replaceTool("e2fsck", `case "$*" in *-p*) ;; *) exec "$real" "$@";; esac; ${again}`);
  // It may be told, or nothing of it be used: what is published is whole.
  await apply({ ...config, size: "96M" }).catch(() => {});
  await run("e2fsck", ["-f", "-n", await partitionOf(at("grown.raw"), 0, at("grown.part"))]);
});

test("mcopy that leaves out the bytes of a file", async () => {
  await mkdir(at("esp/folder"), { recursive: true });
  for (const name of ["one", "folder/Größe 2", "folder/empty"]) {
    await writeFile(at(`esp/${name}`), name.endsWith("empty") ? "" : `${name}\n`.repeat(5000));
  }
  const esp = { name: "esp", filesystem: "vfat", content: { directory: at("esp") } };
  const config = { path: "esp.raw", format: "raw", size: "64M", layout: { partitions: [esp] } };
  // A line of the content, in a FAT that is sound.
  const lose = `at=$(grep -abo -m1 "^one$" "$image" | tail -n 1 | cut -d: -f1); printf lost | dd of="$image" bs=1 seek=$at conv=notrunc status=none`;
  await replaceTool("mcopy", `"$real" "$@"; image=$(printf '%s\\n' "$@" | sed -n '/^-i$/{n;p}'); ${lose}`);
  await expect(apply(config)).rejects.toMatchObject({ code: "E_MKFS_UNPROVEN" });
  await expect(access(at("esp.raw"))).rejects.toThrow("ENOENT");
  process.env.PATH = before;
  await apply(config);
});
