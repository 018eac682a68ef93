/** Sources in other hypervisors' formats: copied as QEMU reads them, and nothing of this host gets in by a name in one. */
import { readFileSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, expect, test } from "vitest";
import { imageFormats } from "../../../core/format/index.ts";
import { imageSource } from "../../../core/model/contracts/image-source.ts";
import { run } from "../../support/run.ts";
import { share } from "../../support/slow.ts";
import { descriptorText } from "../../support/vmdk.ts";
import { codeOf, leftovers, MIB, virtualSize, workbench } from "./workbench.ts";

const bench = await workbench("foreign");
const { at, dir } = bench;
const SIZE = 16 * MIB;
const shell = (script: string) => run("sh", ["-euc", `cd "${dir}"; ${script}`]);
await shell(`
  truncate -s ${SIZE} seed.raw; mke2fs -q -t ext4 seed.raw
  head -c 3000000 /dev/urandom > noise; debugfs -w -R "write noise noise" seed.raw 2>/dev/null`);

const server = createServer((request, response) => response.end(readFileSync(at((request.url ?? "").slice(1)))));
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
afterAll(() => server.close().closeAllConnections());

let serial = 0;
const copy = () => `copy-${serial}.qcow2`;
const config = (url: string, more: object = {}, rest: object = {}) =>
  ({ path: `copy-${++serial}.qcow2`, source: { url, ...more }, ...rest }) as never;
const same = (raw = "seed.raw") => run("qemu-img", ["compare", "-f", "qcow2", "-F", "raw", at(copy()), at(raw)]);

/** Each as QEMU's tools write it: name, driver, options. */
const MADE: readonly (readonly [name: string, driver: string, options: string])[] = [
  ["dynamic.vhd", "vpc", "subformat=dynamic,force_size=on"],
  ["fixed.vhd", "vpc", "subformat=fixed,force_size=on"],
  ["dynamic.vhdx", "vhdx", "subformat=dynamic"],
  ["fixed.vhdx", "vhdx", "subformat=fixed,block_state_zero=off"],
  ["dynamic.vdi", "vdi", "static=off"],
  ["static.vdi", "vdi", "static=on"],
  ["plain.qed", "qed", "cluster_size=64k"],
  ["plain.parallels", "parallels", "cluster_size=1M"],
  ["plain.qcow", "qcow", "encryption=off"],
  ["sparse.vmdk", "vmdk", "subformat=monolithicSparse"],
  ["streamed.vmdk", "vmdk", "subformat=streamOptimized"],
  ["flat.vmdk", "vmdk", "subformat=monolithicFlat"],
  ["split.vmdk", "vmdk", "subformat=twoGbMaxExtentSparse"],
  ["plain.qed", "qed", "cluster_size=64k"],
  ["plain.parallels", "parallels", "cluster_size=64k"],
];
for (const [name, driver, options] of MADE)
  await run("qemu-img", ["convert", "-O", driver, "-o", options, at("seed.raw"), at(name)]);

test("source.format names every format that is read, but a container that wants a key", () => {
  const names = imageFormats.map(({ name }) => name).filter((name) => name !== "luks");
  expect([...imageSource.shape.format.unwrap().options].toSorted()).toEqual(names.toSorted());
});

/** One of each way to lie in a file: at places told by a table, one after the other, packed, in parts. */
const USUAL = ["dynamic.vhd", "streamed.vmdk", "split.vmdk", "plain.parallels"];

test.each(share(MADE, ([name]) => !USUAL.includes(name)))(
  "%s is copied, from here and as it is declared",
  async (name) => {
    const format = name.replace(/^.*\./, "");
    for (const more of [{}, { format }]) {
      const wanted = config(at(name), more, { size: SIZE });
      expect((await bench.prepare(wanted)).plan.diagnostics).toEqual([]);
      await bench.apply(wanted);
      await same();
      expect((await bench.prepare(wanted)).plan.action).toBe("none");
    }
    expect(await leftovers(dir)).toEqual([]);
  },
);

test("one file is copied from an address, and unpacked on the way; a part of several is refused", async () => {
  await shell("xz -1k fixed.vhd; gzip -k streamed.vmdk; zstd -q dynamic.vhdx; bzip2 -k dynamic.vdi; gzip -k flat.vmdk");
  for (const name of ["fixed.vhd.xz", "dynamic.vhdx.zst", "dynamic.vdi.bz2", "streamed.vmdk.gz", "sparse.vmdk"]) {
    await bench.apply(config(`${origin}/${name}`));
    await same();
  }
  await bench.apply(config(`${origin}/fixed.vhd`, {}, { size: 2 * SIZE }));
  expect(await virtualSize(at(copy()))).toBe(2 * SIZE);
  for (const url of [`${origin}/flat.vmdk`, `${origin}/split.vmdk`, at("flat.vmdk.gz")])
    expect(await codeOf(bench.apply(config(url))), url).toBe("E_SOURCE_BACKING");
  expect(await leftovers(dir)).toEqual([]);
});

test("a raw disk in numbered files is copied where it is declared so, from here alone", async () => {
  await shell("split -b 6M -a 3 --numeric-suffixes=1 seed.raw cut.");
  await bench.apply(config(at("cut.001"), { format: "split" }));
  await same();
  expect(await codeOf(bench.apply(config(`${origin}/cut.001`, { format: "split" })))).toMatch(
    /^E_S(OURCE_BACKING|PLIT_NAME)$/,
  );
});

test("a plan tells what its size is, and what a disk without one becomes", async () => {
  const wanted = config(at("streamed.vmdk"), {}, { size: 8 * MIB });
  expect((await bench.prepare(wanted)).plan.diagnostics).toMatchObject([{ code: "E_SIZE_SMALLER", path: ["size"] }]);
  await bench.apply(config(at("streamed.vmdk"), {}, { format: "raw", path: "plain.raw" }));
  await run("cmp", [at("plain.raw"), at("seed.raw")]);
});

test("a delta link brings its parent along: beside it by itself, from elsewhere where that is allowed", async () => {
  await mkdir(at("elsewhere"));
  await shell(`
    cp sparse.vmdk parent.vmdk
    qemu-img create -q -f vmdk -b parent.vmdk -F vmdk delta.vmdk
    qemu-img create -q -f vmdk -b "$PWD/parent.vmdk" -F vmdk elsewhere/far.vmdk
    for each in delta elsewhere/far; do qemu-io -f vmdk -c "write -q -P 7 8M 1M" $each.vmdk; done
    cp seed.raw changed.raw; qemu-io -f raw -c "write -q -P 7 8M 1M" changed.raw`);
  await bench.apply(config(at("delta.vmdk")));
  await same("changed.raw");
  const far = config(at("elsewhere/far.vmdk"));
  expect((await bench.prepare(far)).plan.diagnostics).toMatchObject([
    { severity: "error", code: "E_BACKING_FOREIGN", path: ["source", "url"] },
  ]);
  await bench.apply(config(at("elsewhere/far.vmdk"), { allow_backing_files: true }));
  await same("changed.raw");
  expect(await codeOf(bench.apply(config(`${origin}/delta.vmdk`)))).toBe("E_SOURCE_BACKING");
});

test("a raw disk in numbered files is copied whole where that is said, and from here alone", async () => {
  await shell("split -b 300K -a 3 --numeric-suffixes=1 seed.raw numbered.");
  await bench.apply(config(at("numbered.001"), { format: "split" }));
  await same();
  expect(await codeOf(bench.apply(config(`${origin}/numbered.001`, { format: "split" })))).toBe("E_SOURCE_BACKING");
});

test("a descriptor that names a file of this host has none of it copied, wherever it came from", async () => {
  await mkdir(at("secrets"));
  await mkdir(at("images"));
  const secret = Buffer.from("what nobody is to see ".repeat(24).slice(0, 512));
  writeFileSync(at("secrets/key"), secret);
  await shell("ln -s ../secrets/key images/linked");
  for (const name of [at("secrets/key"), "../secrets/key", "linked", "/etc/passwd"]) {
    writeFileSync(at("images/evil.vmdk"), descriptorText("monolithicFlat", [`RW 1 FLAT "${name}" 0`]));
    await shell("gzip -kf images/evil.vmdk");
    const codes: Record<string, string> = {
      [at("images/evil.vmdk")]: "E_BACKING_FOREIGN",
      [at("images/evil.vmdk.gz")]: "E_SOURCE_BACKING",
      [`${origin}/images/evil.vmdk`]: "E_SOURCE_BACKING",
    };
    for (const [url, code] of Object.entries(codes))
      expect(await codeOf(bench.apply(config(url))), `${name} by ${url}`).toBe(code);
  }
  expect(await leftovers(dir)).toEqual([]);
});
