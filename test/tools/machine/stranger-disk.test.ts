import { readFile, rename, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeEach, expect, it } from "vitest";
import type { ValueObject } from "../../../core/model/value.ts";
import { bareMachine } from "../../support/declared.ts";
import { MachineHost } from "../../support/machine-host.ts";
import { run, scratch } from "../../support/run.ts";

/** Images whose header names a file of the host outside their own folder, as disks of machines. */
const host = await MachineHost.open();
afterAll(() => host[Symbol.asyncDispose]());

const at = (...path: string[]) => join(host.folder, ...path);
const bare = (more: ValueObject = {}) => bareMachine({ networks: {}, ...more });
const disk = (more: ValueObject = {}) => ({ disks: { root: { image: "image.qcow2", ...more } } });
const FOREIGN = "names a file of this host outside its own folder";

async function stranger(): Promise<string> {
  const secret = join(await scratch("elsewhere"), "secret");
  await writeFile(secret, "");
  await truncate(secret, 1 << 20);
  await run("qemu-img", ["create", "-q", "-f", "qcow2", "-F", "raw", "-b", secret, at("new.qcow2")]);
  await rename(at("new.qcow2"), at("image.qcow2"));
  return secret;
}

beforeEach(async () => {
  await rm(at("image.qcow2"), { force: true });
});

it("are refused for a new machine by plan and apply, whichever field names them", { timeout: 120_000 }, async () => {
  await stranger();
  for (const more of [
    disk(),
    disk({ overlay: true }),
    disk({ overlay: true, format: "qcow2" }),
    { base: "image.qcow2" },
  ]) {
    await host.declare({ a: bare(more) });
    const { exitCode, stderr } = await host.run(["apply", "--auto-approve"]);
    expect([exitCode, stderr], JSON.stringify(more)).toEqual([1, expect.stringContaining(FOREIGN)]);
    expect(stderr).toContain("allow_backing_files to true");
  }
  await host.declare({ a: bare(disk()) });
  expect((await host.run(["plan"])).stderr).toContain(FOREIGN);
  const disposable = await host.run(["vm", "disposable", "--no-network", "image.qcow2", "true"]);
  expect(disposable).toMatchObject({ exitCode: 125, stderr: expect.stringContaining(FOREIGN) });
  expect((await host.remains()).processes).toEqual([]);
});

it("run where they are allowed to, and name nothing new without a word", { timeout: 120_000 }, async () => {
  await stranger();
  await host.apply({ a: bare(disk({ allow_backing_files: true })) });
  await host.text(["vm", "kill", "a"]);
  await host.declare({ a: bare(disk()) });
  await host.text(["apply", "--auto-approve"]);
  await host.text(["vm", "kill", "a"]);
  const other = await stranger();
  const { exitCode, stderr } = await host.run(["vm", "up", "a"]);
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining(other)]);
  await host.apply({});
});

it("of a machine that an older release started go on, and are remembered", { timeout: 120_000 }, async () => {
  const secret = await stranger();
  await host.apply({ a: bare(disk({ allow_backing_files: true })) });
  await host.text(["vm", "kill", "a"]);
  // As the older release left it: without the field, and without the list.
  const record = at("data/machines/a/.machine.guestkit.json");
  const kept = JSON.parse(await readFile(record, "utf8")) as { declared: { disks: { root: ValueObject } } };
  const { allow_backing_files: _, format: __, ...root } = kept.declared.disks.root;
  await writeFile(record, JSON.stringify({ ...kept, declared: { ...kept.declared, disks: { root } } }));
  await rm(at("data/machines/a/leans-on.json"));
  await host.text(["vm", "up", "a"]);
  expect(JSON.parse(await readFile(at("data/machines/a/leans-on.json"), "utf8"))).toEqual([secret]);
  await host.apply({});
});
