import { mkdirSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { run } from "../../support/run.ts";
import { codeOf, debugfs, MIB, partitionOf, toRaw, virtualSize, workbench } from "./workbench.ts";

const bench = await workbench("overlay");
const { at } = bench;
mkdirSync(at("content"));
writeFileSync(at("content/hello"), "from the base\n");
const base = {
  path: "base.qcow2",
  size: "64M",
  layout: { partitions: [{ name: "root", filesystem: "ext4", content: { directory: at("content") } }] },
};
await bench.apply(base);

test("an overlay names its base and format, and is seen with its chain", async () => {
  const config = { path: "thin.qcow2", backing_file: "base.qcow2" };
  const { state } = await bench.apply(config);
  expect(state).toMatchObject({ virtual_size: 64 * MIB, backing_chain: [at("base.qcow2")] });
  const info = JSON.parse(await run("qemu-img", ["info", "--output=json", at("thin.qcow2")]));
  expect(info).toMatchObject({ "backing-filename": at("base.qcow2"), "backing-filename-format": "qcow2" });
  expect((await bench.prepare(config)).plan.action).toBe("none");
});

test("a base is neither destroyed, replaced nor changed while overlays lean on it; they are named", async () => {
  mkdirSync(at("elsewhere"));
  await bench.apply({ path: "elsewhere/far.qcow2", backing_file: "base.qcow2" });
  const { plan } = await bench.prepare({ ...base, format: "raw" });
  expect(plan.action).toBe("replace");
  const refused = plan.diagnostics.find((each) => each.code === "E_IMAGE_DEPENDANTS");
  expect(refused?.message).toContain(at("thin.qcow2"));
  expect(refused?.message).toContain(at("elsewhere/far.qcow2"));
  expect(await codeOf(bench.destroy(base))).toBe("E_IMAGE_DEPENDANTS");
  expect(await codeOf(bench.apply({ ...base, size: "128M" }))).toBe("E_IMAGE_DEPENDANTS");
  // What only the record holds changes all the same.
  await bench.apply({ ...base, delete_protection: true });
  await bench.apply(base);
  await bench.destroy({ path: "elsewhere/far.qcow2" });
  const after = await bench.prepare({ ...base, format: "raw" });
  expect(after.plan.diagnostics.map((each) => each.message).join()).not.toContain("far.qcow2");
});

test("an overlay that QEMU itself made counts as well", async () => {
  await bench.apply({ path: "base2.qcow2", size: "8M" });
  await run("qemu-img", ["create", "-q", "-f", "qcow2", "-b", "base2.qcow2", "-F", "qcow2", at("by-hand.qcow2")]);
  await expect(bench.destroy({ path: "base2.qcow2" })).rejects.toThrow(at("by-hand.qcow2"));
});

test("a larger overlay carries partition and file system along; the base keeps its bytes", async () => {
  const before = await run("sha256sum", [at("base.qcow2")]);
  await bench.apply({
    path: "large.qcow2",
    backing_file: "base.qcow2",
    size: "200M",
    files: [{ path: "/new", content: "x" }],
  });
  const root = await partitionOf(await toRaw(at("large.qcow2"), at("large.raw")), 0, at("large.ext4"));
  await run("e2fsck", ["-f", "-n", root]);
  expect(await debugfs(root, "cat /hello")).toBe("from the base\n");
  expect(await debugfs(root, "cat /new")).toBe("x");
  const count = Number(/Block count: +(\d+)/.exec(await run("dumpe2fs", ["-h", root]))?.[1]);
  const size = Number(/Block size: +(\d+)/.exec(await run("dumpe2fs", ["-h", root]))?.[1]);
  expect(count * size).toBeGreaterThan(190 * MIB);
  expect(await run("sha256sum", [at("base.qcow2")])).toBe(before);
});

test("an overlay smaller than its base is refused at plan, a missing base at apply", async () => {
  const small = await bench.prepare({ path: "small.qcow2", backing_file: "base.qcow2", size: "32M" });
  expect(small.plan.diagnostics).toMatchObject([{ code: "E_SIZE_SMALLER", path: ["size"] }]);
  expect(await codeOf(bench.apply({ path: "lost.qcow2", backing_file: "nowhere.qcow2" }))).toBe("E_BACKING_MISSING");
});

test("the format of a raw base is written down, whatever its bytes say", async () => {
  await bench.apply({ path: "rawbase.raw", format: "raw", size: "8M" });
  await bench.apply({ path: "over-raw.qcow2", backing_file: "rawbase.raw" });
  const info = JSON.parse(await run("qemu-img", ["info", "--output=json", at("over-raw.qcow2")]));
  expect(info["backing-filename-format"]).toBe("raw");
  expect(await virtualSize(at("over-raw.qcow2"))).toBe(8 * MIB);
});

test("a chain is followed through names that are relative or json", async () => {
  await run("qemu-img", ["create", "-q", "-f", "qcow2", "-b", "thin.qcow2", "-F", "qcow2", at("c2.qcow2")]);
  const json = JSON.stringify({ driver: "qcow2", file: { driver: "file", filename: at("c2.qcow2") } });
  await run("qemu-img", ["create", "-q", "-f", "qcow2", "-b", `json:${json}`, "-F", "qcow2", at("c3.qcow2")]);
  const state = await bench.observe({ path: "c3.qcow2" });
  expect(state?.backing_chain).toEqual([at("c2.qcow2"), at("thin.qcow2"), at("base.qcow2")]);
});
