import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, stat, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { run } from "../../support/run.ts";
import { codeOf, contract, leftovers, MIB, virtualSize, workbench } from "./workbench.ts";

const bench = await workbench("blank");

test.each(["qcow2", "raw"])(
  "a blank %s image has its size, a second plan is empty, destroy leaves nothing",
  async (format) => {
    const config = { path: `blank.${format}`, format, size: "1G" };
    const { plan, state } = await bench.apply(config);
    expect(plan.action).toBe("create");
    expect(state).toMatchObject({ virtual_size: 1024 * MIB, size: "1G", drift: [], partitions: [], backing_chain: [] });
    expect(await virtualSize(bench.at(config.path))).toBe(1024 * MIB);
    expect((await stat(bench.at(config.path))).blocks * 512).toBeLessThan(MIB);
    expect((await bench.prepare(config)).plan).toMatchObject({ action: "none", diagnostics: [] });
    expect(await leftovers(bench.dir)).toEqual([]);
    await bench.destroy(config);
    await expect(stat(bench.at(config.path))).rejects.toThrow("ENOENT");
    await expect(stat(bench.at(`.${config.path}.guestkit.json`))).rejects.toThrow("ENOENT");
  },
);

test("a file that guestkit did not make is neither overwritten nor removed", async () => {
  const path = bench.at("foreign.qcow2");
  await writeFile(path, "precious");
  const config = { path, size: "64M" };
  expect(await codeOf(bench.apply(config))).toBe("E_IMAGE_FOREIGN");
  expect(await codeOf(bench.destroy(config))).toBe("E_IMAGE_FOREIGN");
  expect(await readFile(path, "utf8")).toBe("precious");
  const refused = (await bench.prepare(config)).plan.diagnostics.find((each) => each.code === "E_IMAGE_FOREIGN");
  expect(refused?.help).toMatch(/overwrite.*import/);
  const { state } = await bench.apply({ ...config, overwrite: true });
  expect(state).toMatchObject({ virtual_size: 64 * MIB });
  expect(await virtualSize(path)).toBe(64 * MIB);
});

test("an image made by hand is imported; a recipe that it bears out is adopted, another one replaces it", async () => {
  const path = bench.at("by-hand.raw");
  await run("truncate", ["-s", "100M", path]);
  await run("sh", ["-c", `echo 'start=2048, name="data"' | sfdisk -q --label gpt ${path}`]);
  await bench.engine.import(contract, path);
  const config = { path, format: "raw", size: "100M" };
  expect((await bench.prepare(config)).plan.action).toBe("none");
  const other = await bench.prepare({ ...config, layout: { partitions: [{ name: "home" }] } });
  expect(other.plan).toMatchObject({ action: "replace", replaces: [["layout"]] });
  const before = await stat(path);
  const laidOut = { ...config, layout: { partitions: [{ name: "data", size: "64M" }] } };
  const { plan } = await bench.prepare(laidOut);
  expect(plan.action).toBe("update");
  expect(plan.diagnostics).toMatchObject([{ severity: "warning", code: "W_ADOPTED" }]);
  await bench.apply(laidOut);
  expect((await bench.prepare(laidOut)).plan.action).toBe("none");
  expect((await stat(path)).ino).toBe(before.ino);
});

test("a layout given to a blank image is made at once, and no drift of a later plan", async () => {
  const config = { path: bench.at("blank-first.qcow2"), size: "64M" };
  await bench.apply(config);
  for (const scheme of ["gpt", "mbr"]) {
    const layout = { scheme, partitions: [{ name: "data", filesystem: "ext4", label: "data" }] };
    expect((await bench.prepare({ ...config, layout })).plan).toMatchObject({ action: "replace", diagnostics: [] });
    await bench.apply({ ...config, layout });
    expect((await bench.prepare({ ...config, layout })).plan.action).toBe("none");
    // What is no longer declared stays, and is known again.
    await bench.apply(config);
    expect((await bench.prepare({ ...config, layout })).plan).toMatchObject({ action: "update" });
  }
});

test("files go into an imported image by what it has, not by what is declared of it", async () => {
  const path = bench.at("stranger.raw");
  await run("truncate", ["-s", "32M", path]);
  await run("mke2fs", ["-q", "-t", "ext4", path]);
  const blank = bench.at("stranger-blank.raw");
  await run("truncate", ["-s", "32M", blank]);
  const config = (image: string) => ({
    path: image,
    format: "raw",
    size: "32M",
    files: [{ path: "/x", content: "in" }],
  });
  await bench.engine.import(contract, path);
  await bench.engine.import(contract, blank);
  await bench.apply(config(path));
  expect(await run("debugfs", ["-R", "cat /x", path])).toBe("in");
  expect((await bench.prepare(config(path))).plan.action).toBe("none");
  for (const image of [blank, bench.at("stranger-new.raw")]) {
    const { plan } = await bench.prepare(config(image));
    expect(plan.diagnostics).toMatchObject([{ severity: "error", code: "E_FILES_ROOT", path: ["files"] }]);
  }
});

test("delete_protection holds against destroy and replacement until it is taken back", async () => {
  const config = { path: "kept.qcow2", size: "16M", delete_protection: true };
  await bench.apply(config);
  expect(await codeOf(bench.destroy(config))).toBe("E_IMAGE_PROTECTED");
  expect(await codeOf(bench.apply({ ...config, format: "raw" }))).toBe("E_IMAGE_PROTECTED");
  await bench.apply({ ...config, delete_protection: false });
  await bench.destroy(config);
});

test("a deleted image is created again", async () => {
  const config = { path: "gone.qcow2", size: "16M" };
  await bench.apply(config);
  await run("rm", [bench.at(config.path)]);
  expect((await bench.prepare(config)).plan.action).toBe("create");
  expect((await bench.apply(config)).state).toMatchObject({ virtual_size: 16 * MIB });
});

test.each([
  [{ path: "x.qcow2" }, "E_SIZE_MISSING", ["size"]],
  [{ path: "x.qcow2", size: 2 ** 20 + 1000 }, "E_SIZE_ALIGNMENT", ["size"]],
  [{ path: "x.qcow2", backing_file: "base.qcow2", format: "raw" }, "E_BACKING_RAW", ["format"]],
])("%j fails at validation with the attribute named", async (config, code, path) => {
  expect((await bench.prepare(config)).plan.diagnostics).toMatchObject([{ code, path }]);
});

test("an image that another process has open is not touched", async () => {
  const config = { path: "used.qcow2", size: "16M" };
  await bench.apply(config);
  const holder = spawn("qemu-io", ["-f", "qcow2", bench.at(config.path)], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(holder, "exit");
  // It answers once it has the image open.
  holder.stdin.write("length\n");
  for await (const text of holder.stdout) if (/16 MiB/.test(String(text))) break;
  expect(await codeOf(bench.apply({ ...config, size: "32M" }))).toBe("E_IMAGE_IN_USE");
  expect(await codeOf(bench.destroy(config))).toBe("E_IMAGE_IN_USE");
  holder.stdin.end("quit\n");
  await ended;
  await bench.apply({ ...config, size: "32M" });
  expect(await virtualSize(bench.at(config.path))).toBe(32 * MIB);
});

test("a raw disk in a qcow2 image's place is seen; a header that a guest wrote into a raw disk is none of the image's", async () => {
  const config = { path: "swapped.qcow2", size: "16M" };
  await bench.apply(config);
  await run("qemu-img", ["create", "-q", "-f", "raw", bench.at(config.path), "16M"]);
  expect((await bench.prepare(config)).plan).toMatchObject({ action: "replace", replaces: [["format"]] });

  const raw = { path: "kept.raw", format: "raw", size: "16M" };
  await bench.apply(raw);
  await run("qemu-img", ["create", "-q", "-f", "qcow2", bench.at("inner.qcow2"), "100M"]);
  const inner = await readFile(bench.at("inner.qcow2"));
  await writeFile(bench.at(raw.path), inner.subarray(0, 65536), { flag: "r+" });
  expect((await bench.prepare(raw)).plan.action).toBe("none");
});
