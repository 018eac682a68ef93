/** Differencing VHD, VHDX and VDI, which QEMU does not read, against other people's readers of them. */
import { createHash } from "node:crypto";
import { access, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { openImage } from "../../../core/format/index.ts";
import { openFileSource } from "../../../core/source/file.ts";
import { nodeHost } from "../../../core/source/node.ts";
import { stream } from "../../../core/source/source.ts";
import { fixture } from "../../support/fixture.ts";
import { data, MIB, mixed, ONE, plan, THREE, TWO } from "../../support/made-images/expect.ts";
import { makeVdi } from "../../support/made-images/vdi.ts";
import { makeVhd } from "../../support/made-images/vhd.ts";
import { makeVhdx } from "../../support/made-images/vhdx.ts";
import { run, scratch } from "../../support/run.ts";

const PACKAGES = ["dissect.hypervisor==3.21", "libvhdi-python==20260901"];
const program = fileURLToPath(new URL("other-readers.py", import.meta.url));

/** A Python of its own with both of them. */
async function python(): Promise<string> {
  const build = async (dir: string) => {
    await run("python3", ["-m", "venv", "--copies", dir]);
    await run(join(dir, "bin/python"), ["-m", "pip", "install", "--quiet", ...PACKAGES]);
  };
  const prove = async (dir: string) => {
    await access(join(dir, "bin/python"));
    await run(join(dir, "bin/python"), ["-c", "import pyvhdi, dissect.hypervisor.disk.vdi"]);
  };
  return join(await fixture("other-readers", PACKAGES, build, prove), "bin/python");
}

/** Of every kind of block, and two runs of sectors in a byte of a bitmap. */
const BASE = { 0: data(1), 1: data(2), 3: data(3), 5: data(4) };
const CHILD = {
  0: mixed(5, (sector) => sector % 5 < 2),
  2: data(6),
  3: mixed(7, (sector) => sector >= 1000),
  4: mixed(8, (sector) => sector < 9),
};
/** libvhdi 20260901 takes what follows an own sector in a byte of VHD's bitmap for own as well: here no byte ends otherwise. */
const BYTES = {
  0: mixed(5, (sector) => sector % 32 >= 11),
  2: data(6),
  3: mixed(7, (at) => at >= 1003),
  4: mixed(8, (at) => at < 16),
};
const WHOLE = { 1: data(7), 2: { kind: "zero" } as const, 4: data(8) };

const base = plan(6 * MIB, MIB, BASE);
const child = { ...plan(6 * MIB, MIB, CHILD), id: TWO };
const locator = { parent_linkage: `{${ONE}}`, relative_path: ".\\base" };
const parent = { id: ONE, name: "base", locators: { W2ru: ".\\base" } };

const IMAGES: Readonly<Record<string, readonly [top: Uint8Array, base: Uint8Array]>> = {
  vhd: [makeVhd({ ...plan(6 * MIB, MIB, BYTES), id: TWO, parent }), makeVhd({ ...base, id: ONE })],
  vhdx: [
    makeVhdx({ ...child, dataWriteGuid: TWO, parent: locator }),
    makeVhdx({ ...base, id: ONE, dataWriteGuid: ONE }),
  ],
  vdi: [
    makeVdi({ ...plan(6 * MIB, MIB, WHOLE), id: TWO, modification: TWO, parent: { id: ONE, modification: THREE } }),
    makeVdi({ ...base, id: ONE, modification: THREE }),
  ],
};

test.each([
  ["vhd", "libvhdi"],
  ["vhdx", "libvhdi"],
  ["vhdx", "dissect-vhdx"],
  ["vdi", "dissect-vdi"],
])("a differencing %s is what %s reads", async (format, reader) => {
  const dir = await scratch("other-readers");
  const [top, under] = IMAGES[format] ?? [];
  // VDI's parent is looked for by its ending, the others' by name.
  const names = format === "vdi" ? ["top.vdi", "base.vdi"] : ["top", "base"];
  const paths = names.map((name) => join(dir, name)) as [string, string];
  await writeFile(paths[0], top ?? "");
  await writeFile(paths[1], under ?? "");
  await using image = await openImage(await openFileSource(paths[0]), nodeHost);
  expect(image.files).toEqual(paths);
  const hash = createHash("sha256");
  for await (const piece of stream(image)) hash.update(piece);
  const theirs = await run(await python(), [program, reader, ...paths]);
  expect(theirs.trim()).toBe(hash.digest("hex"));
});
