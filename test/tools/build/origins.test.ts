/** What a new image is to be made of: told at plan where it is not there, found wherever its header says. */
import { mkdir } from "node:fs/promises";
import { expect, test } from "vitest";
import { contractOf } from "../../../core/model/registry.ts";
import { guestkit } from "../../support/cli.ts";
import { run } from "../../support/run.ts";
import { virtualSize, workbench } from "./workbench.ts";

const { dir, at, engine, prepare } = await workbench("origins");
await run("sh", [
  "-euc",
  `cd "${dir}"; truncate -s 16M seed.raw; mke2fs -q -t ext4 seed.raw; mkdir folder; ln -s round round`,
]);
const layoutOf = (content: object) => ({
  size: "64M",
  layout: { partitions: [{ name: "root", filesystem: "ext4", content }] },
});

/** Each field that names a file of this host, and the code that its absence has. */
const MISSING: readonly (readonly [field: string, code: string, declared: object])[] = [
  ["source.url", "E_SOURCE_MISSING", { source: { url: "gone" } }],
  ["source.url", "E_SOURCE_MISSING", { source: { url: "file:gone" } }],
  ["source.sha256", "E_SOURCE_CHECKSUMS", { source: { url: "seed.raw", sha256: "gone.sums" } }],
  ["source.sha512", "E_SOURCE_CHECKSUMS", { source: { url: "seed.raw", sha512: "./gone.sums" } }],
  ["source.unpacked_sha256", "E_SOURCE_CHECKSUMS", { source: { url: "seed.raw", unpacked_sha256: "gone.sums" } }],
  ["source.keyring", "E_SOURCE_KEYRING", { source: { url: "seed.raw", keyring: "gone.gpg" } }],
  ["source.ca_file", "E_SOURCE_CA", { source: { url: "seed.raw", ca_file: "gone.pem" } }],
  ["backing_file", "E_BACKING_MISSING", { backing_file: "gone" }],
  ["files.0.source", "E_FILES_SOURCE", { source: { url: "seed.raw" }, files: [{ path: "/a", source: "gone" }] }],
];

/** The same of what is there and is something else. */
const OTHER: typeof MISSING = [
  ["source.url", "E_SOURCE_MISSING", { source: { url: "folder" } }],
  ["source.url", "E_SOURCE_MISSING", { source: { url: "round" } }],
  ["source.sha256", "E_SOURCE_CHECKSUMS", { source: { url: "seed.raw", sha256: "./folder" } }],
  ["source.keyring", "E_SOURCE_KEYRING", { source: { url: "seed.raw", keyring: "folder" } }],
  ["backing_file", "E_BACKING_MISSING", { backing_file: "folder" }],
  ["files.0.source", "E_FILES_SOURCE", { source: { url: "seed.raw" }, files: [{ path: "/a", source: "folder" }] }],
  ["layout.partitions.0.content.tar", "E_LAYOUT_CONTENT", layoutOf({ tar: "folder" })],
  ["layout.partitions.0.content.directory", "E_LAYOUT_CONTENT", layoutOf({ directory: "seed.raw" })],
  ["path", "E_FOLDER", { path: "seed.raw/deep/out.qcow2", size: "1M" }],
  ["path", "E_FILE_KIND", { path: "folder", size: "1M", overwrite: true }],
];

test.each([...MISSING, ...OTHER])(
  "%s that is not there, or another kind of thing, is %s at plan",
  async (field, code, declared) => {
    const { plan } = await prepare({ path: "out.qcow2", ...declared } as never);
    expect(plan.diagnostics.filter(({ severity }) => severity === "error")).toMatchObject([
      { code, path: field.split(".").map((each) => (/^\d+$/.test(each) ? Number(each) : each)) },
    ]);
  },
);

test("neither an image nor a seed is planned where no folder can be, nor where none may be written to", async () => {
  const seed = { path: "seed.raw/deep/seed.iso", hostname: "web" };
  const told = async (config: object) => (await engine.prepare(contractOf("cloud_init_seed"), config as never)).plan;
  expect((await told(seed)).diagnostics).toMatchObject([{ severity: "error", code: "E_FOLDER", path: ["path"] }]);
  expect((await told({ ...seed, path: "new/deep/seed.iso" })).diagnostics).toEqual([]);
  if (process.getuid?.() === 0) return;
  await mkdir(at("closed"), { mode: 0o500 });
  expect((await told({ ...seed, path: "closed/deep/seed.iso" })).diagnostics).toMatchObject([{ code: "E_FOLDER" }]);
});

test("what the same plan makes is not missing", async () => {
  const base = { path: "base.qcow2", size: "16M" } as never;
  await prepare(base);
  const { plan } = await prepare({ path: "over.qcow2", backing_file: "base.qcow2" } as never);
  expect(plan.diagnostics).toEqual([]);
});

test("a relative data file is found beside its image, whatever the working folder is", async () => {
  await mkdir(at("images"));
  await mkdir(at("elsewhere"));
  const make = "qemu-img create -q -f qcow2 -o data_file=data.raw ext.qcow2 16M";
  await run("sh", ["-euc", `cd "${dir}/images"; ${make}; qemu-img convert -n -O qcow2 ../seed.raw ext.qcow2`]);
  const gk = (...args: string[]) => guestkit(args, { cwd: at("elsewhere") });
  const image = "../images/ext.qcow2";
  expect((await gk("inspect", image)).stdout.toString()).toContain("ext4");
  expect(await gk("create", "--source", image, "copy.qcow2")).toMatchObject({ exitCode: 0 });
  await run("qemu-img", ["compare", "-f", "qcow2", "-F", "raw", at("elsewhere/copy.qcow2"), at("seed.raw")]);
  expect(await gk("create", "--backing", image, "--size", "32M", "over.qcow2")).toMatchObject({ exitCode: 0 });
  expect((await gk("ls", "over.qcow2", "/")).stdout.toString()).toContain("lost+found");
  expect(await virtualSize(at("elsewhere/over.qcow2"))).toBe(32 << 20);
});
