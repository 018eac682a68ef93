import { mkdirSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { run } from "../../support/run.ts";
import { debugfs, leftovers, MIB, partitionOf, sfdisk, toRaw, virtualSize, workbench } from "./workbench.ts";

const bench = await workbench("grow");
const { at } = bench;
mkdirSync(at("content"));
for (let index = 0; index < 200; index++) writeFileSync(at(`content/${index}`), `file ${index}\n`.repeat(index));

async function blocks(file: string): Promise<number> {
  const text = await run("dumpe2fs", ["-h", file]);
  const field = (name: string) => Number(new RegExp(`${name}: +(\\d+)`).exec(text)?.[1]);
  return field("Block count") * field("Block size");
}

test.each([
  ["gpt", "qcow2", 2],
  ["gpt", "raw", 2],
  ["mbr", "qcow2", 2],
  ["mbr", "raw", 6],
] as const)("%s in %s with %i partitions grows with its last partition and ext4", async (scheme, format, count) => {
  const small = Array.from({ length: count - 1 }, (_, index) => ({ name: `p${index}`, size: "4M" }));
  const last = { name: "root", filesystem: "ext4", content: { directory: at("content") } };
  const config = {
    path: `${scheme}${count}.${format}`,
    format,
    size: "128M",
    layout: { scheme, partitions: [...small, last] },
  };
  await bench.apply(config);
  const { plan, state } = await bench.apply({ ...config, size: "300M" });
  expect(plan.action).toBe("update");
  expect(state).toMatchObject({ virtual_size: 300 * MIB, drift: [] });
  const raw = await toRaw(at(config.path), at("grown.raw"));
  expect(await run("sfdisk", ["-V", raw])).toContain("No errors detected");
  expect(await run("fdisk", ["-l", raw])).not.toMatch(/corrupt|not match/i);
  const rows = await sfdisk(raw);
  const root = await partitionOf(raw, rows.length - 1, at("grown.ext4"));
  await run("e2fsck", ["-f", "-n", root]);
  expect(await blocks(root)).toBeGreaterThan((300 - 8 - 5 * count) * MIB);
  expect(await debugfs(root, "cat /150")).toBe("file 150\n".repeat(150));
  if (format === "qcow2") await run("qemu-img", ["check", at(config.path)]);
  expect((await bench.prepare({ ...config, size: "300M" })).plan.action).toBe("none");
  expect(await leftovers(bench.dir)).toEqual([]);
});

test("a bare ext4 disk grows as a whole", async () => {
  await run("truncate", ["-s", "64M", at("bare.raw")]);
  await run("mke2fs", ["-q", "-t", "ext4", at("bare.raw")]);
  const config = { path: "bare.qcow2", source: { url: at("bare.raw") }, size: "200M" };
  await bench.apply(config);
  expect(await blocks(await toRaw(at("bare.qcow2"), at("bare-1.raw")))).toBe(200 * MIB);
  await bench.apply({ ...config, size: "256M" });
  const raw = await toRaw(at("bare.qcow2"), at("bare-2.raw"));
  await run("e2fsck", ["-f", "-n", raw]);
  expect(await blocks(raw)).toBe(256 * MIB);
});

test("a last partition without ext4 grows alone", async () => {
  const config = { path: "vfat.qcow2", size: "64M", layout: { partitions: [{ name: "a", filesystem: "vfat" }] } };
  await bench.apply(config);
  expect((await bench.prepare({ ...config, size: "96M" })).plan.diagnostics).toMatchObject([
    { severity: "warning", code: "W_FILESYSTEM_STAYS", path: ["size"] },
  ]);
  await bench.apply({ ...config, size: "96M" });
  const raw = await toRaw(at("vfat.qcow2"), at("vfat.raw"));
  expect(((await sfdisk(raw))[0]?.size ?? 0) * 512).toBeGreaterThan(94 * MIB);
  await run("fsck.fat", ["-n", await partitionOf(raw, 0, at("vfat.part"))]);
});

test("an image without a table grows by its size alone, and never shrinks", async () => {
  const config = { path: "blank.qcow2", size: "64M" };
  await bench.apply(config);
  await bench.apply({ ...config, size: "1G" });
  expect(await virtualSize(at("blank.qcow2"))).toBe(1024 * MIB);
  expect((await bench.prepare({ ...config, size: "65536K" })).plan.diagnostics).toMatchObject([
    { code: "E_SHRINK", path: ["size"] },
  ]);
});

test("a damaged ext4 is not grown, and the image stays as it was", async () => {
  const config = {
    path: "hurt.raw",
    format: "raw",
    size: "64M",
    layout: { partitions: [{ name: "a", filesystem: "ext4" }] },
  };
  await bench.apply(config);
  // The inode table's start: the root directory is gone.
  const root = await partitionOf(at("hurt.raw"), 0, at("hurt.ext4"));
  const table = /Inode table at (\d+)/.exec(await run("dumpe2fs", [root]))?.[1];
  const size = Number(/Block size: +(\d+)/.exec(await run("dumpe2fs", ["-h", root]))?.[1]);
  const seek = MIB + Number(table) * size;
  await run("dd", [
    "if=/dev/urandom",
    `of=${at("hurt.raw")}`,
    "bs=1024",
    "count=4",
    `seek=${seek / 1024}`,
    "conv=notrunc",
    "status=none",
  ]);
  const before = await run("sha256sum", [at("hurt.raw")]);
  await expect(bench.apply({ ...config, size: "128M" })).rejects.toMatchObject({ code: "E_FILESYSTEM_DAMAGED" });
  expect(await run("sha256sum", [at("hurt.raw")])).toBe(before);
  expect(await leftovers(bench.dir)).toEqual([]);
});
