/** Parents that VHD, VHDX and VDI name in their own ways, through the command line: told where a stranger's. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { guestkit } from "../../support/cli.ts";
import { data, MIB, ONE, plan, THREE, TWO } from "../../support/made-images/expect.ts";
import { makeVdi } from "../../support/made-images/vdi.ts";
import { makeVhd } from "../../support/made-images/vhd.ts";
import { makeVhdx } from "../../support/made-images/vhdx.ts";
import { scratch } from "../../support/run.ts";

const dir = await scratch("linked-parents");
const at = (name: string) => join(dir, name);
const environment = { GUESTKIT_DATA_DIR: at("data"), GUESTKIT_CACHE_DIR: at("cache"), GUESTKIT_RUNTIME_DIR: at("run") };
const info = async (name: string) => {
  const { exitCode, stdout, stderr } = await guestkit(["info", name, "--json"], { cwd: dir, env: environment });
  return { exitCode, told: stderr, said: exitCode === 0 ? JSON.parse(String(stdout)) : null };
};

const under = plan(2 * MIB, MIB, { 0: data(1) });
const over = plan(2 * MIB, MIB, { 1: data(2) });

async function lay(files: Readonly<Record<string, Uint8Array>>): Promise<void> {
  for (const [name, bytes] of Object.entries(files)) {
    await mkdir(join(at(name), ".."), { recursive: true });
    await writeFile(at(name), bytes);
  }
}

const vhd = (path: string) => {
  const locators = path.startsWith("/") ? { W2ku: path } : { W2ru: path };
  return makeVhd({ ...over, id: TWO, parent: { id: ONE, name: "x", locators } });
};
const vhdx = (path: string) =>
  makeVhdx({ ...over, id: TWO, dataWriteGuid: TWO, parent: { parent_linkage: `{${ONE}}`, relative_path: path } });

const OUTSIDE = "outside its own folder";

test.each([
  ["vhd, relative", "a.vhd", () => vhd("..\\host\\base.vhd")],
  ["vhd, absolute", "b.vhd", () => vhd(at("host/base.vhd"))],
  ["vhdx, relative", "c.vhdx", () => vhdx("..\\host\\base.vhdx")],
])("a parent of this host elsewhere is told once: %s", async (_what, name, make) => {
  await lay({
    [`inbox/${name}`]: make(),
    "host/base.vhd": makeVhd({ ...under, id: ONE }),
    "host/base.vhdx": makeVhdx({ ...under, id: ONE, dataWriteGuid: ONE }),
  });
  const { exitCode, told, said } = await info(`inbox/${name}`);
  expect(exitCode).toBe(0);
  expect((JSON.stringify(said) + told).split(OUTSIDE)).toHaveLength(2);
  const refused = await guestkit(["create", "--source", `inbox/${name}`, "copy.qcow2"], { cwd: dir, env: environment });
  expect(refused.exitCode).toBe(1);
});

test("one that lies beside it is not, and the first parent of VirtualBox's snapshots is", async () => {
  const child = { ...over, id: TWO, modification: TWO, parent: { id: ONE, modification: THREE } };
  await lay({
    "flat/base.vdi": makeVdi({ ...under, id: ONE, modification: THREE }),
    "flat/top.vdi": makeVdi(child),
    "vm/base.vdi": makeVdi({ ...under, id: ONE, modification: THREE }),
    "vm/Snapshots/top.vdi": makeVdi(child),
  });
  const flat = await info("flat/top.vdi");
  expect([flat.exitCode, JSON.stringify(flat.said) + flat.told]).toEqual([0, expect.not.stringContaining(OUTSIDE)]);
  const nested = await info("vm/Snapshots/top.vdi");
  expect([nested.exitCode, JSON.stringify(nested.said) + nested.told]).toEqual([0, expect.stringContaining(OUTSIDE)]);
});
