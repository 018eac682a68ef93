import { chmod, copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { isThere } from "../../../core/host/is-there.ts";
import {
  onEveryEngine,
  onNextTerraform,
  providerMirror,
  type TestEngine,
  type Workspace,
  workspace,
} from "../../engines/terraform/workspace.ts";
import { guestkitText } from "../../support/cli.ts";
import { findFurtherEngine } from "../../support/engines.ts";
import { startLibvirtd } from "../../support/libvirtd.ts";
import { scratch } from "../../support/scratch.ts";

const libvirt = findFurtherEngine("terraform-provider-libvirt");
/** No registry has this name: engines find the provider in the mirror alone. */
const SOURCE = "libvirt.test/dmacvicar/libvirt";
const USER_DATA = "#cloud-config\\nruncmd: [touch /made]\\n";

let theirs: string;
let pool: string;

const volumes = `
resource "libvirt_volume" "data" {
  name = "data.qcow2"
  pool = libvirt_pool.p.name
  size = 67108864
}
resource "libvirt_cloudinit_disk" "seed" {
  name      = "seed.iso"
  pool      = libvirt_pool.p.name
  user_data = "${USER_DATA}"
}
`;

const moved = (from: string, to: string) => `
moved {
  from = ${from}
  to   = ${to}
}
moved {
  from = libvirt_cloudinit_disk.seed
  to   = guestkit_cloud_init_seed.seed
}
`;

const ours = (size: string) => `
resource "guestkit_disk_image" "data" {
  path = "\${libvirt_pool.p.target[0].path}/data.qcow2"
  size = "${size}"
}
resource "guestkit_cloud_init_seed" "seed" {
  path      = "\${libvirt_pool.p.target[0].path}/seed.iso"
  user_data = "${USER_DATA}"
}
`;

/** Both providers are asked for, so that the usual head does not do. */
const configure = (work: Workspace, body: string) => writeFile(join(work.dir, "main.tf"), body);

/** Both providers find each other's things in one folder. */
async function begin(engine: TestEngine): Promise<Workspace> {
  const folder = join(await providerMirror(), SOURCE, "0.8.3", "linux_amd64");
  await mkdir(folder, { recursive: true });
  await copyFile(String(libvirt), join(folder, "terraform-provider-libvirt_v0.8.3"));
  await chmod(join(folder, "terraform-provider-libvirt_v0.8.3"), 0o755);
  pool = join(await scratch("libvirt-pool"), "pool");
  const socket = await startLibvirtd();
  theirs = `
terraform {
  required_providers {
    guestkit = { source = "guestkit/guestkit" }
    libvirt  = { source = "${SOURCE}" }
  }
}
provider "libvirt" {
  uri = "qemu:///session?socket=${socket}"
}
resource "libvirt_pool" "p" {
  name = "p"
  type = "dir"
  target {
    path = "${pool}"
  }
}
`;
  const work = await workspace(engine, "");
  await configure(work, theirs + volumes);
  await work.init();
  await made(work);
  return work;
}

/** Now and then theirs reads a seed back before libvirt has written it, and says that it is corrupted. */
async function made(work: Workspace): Promise<void> {
  for (let attempt = 1; attempt < 5; attempt++) if ((await work.run("apply", "-auto-approve")).code === 0) return;
  await work.apply();
}

const suite = (engine: TestEngine) => {
  it("is moved over by name, untouched, and is ours from its first change on", async () => {
    const work = await begin(engine);
    const image = join(pool, "data.qcow2");
    const before = await readFile(image);
    await configure(work, theirs + moved("libvirt_volume.data", "guestkit_disk_image.data") + ours("64M"));
    const plan = await work.plan();
    expect(plan.stdout).toMatch(/libvirt_volume\.data has moved to guestkit_disk_image\.data/);
    expect(plan.stdout).toMatch(/moved from libvirt_cloudinit_disk\.seed/);
    expect(plan.stdout).toContain("Plan: 0 to add, 1 to change, 0 to destroy.");
    await work.apply();
    expect(await readFile(image)).toEqual(before);
    expect(await guestkitText(["cat", join(pool, "seed.iso"), "/user-data"])).toContain("touch /made");
    expect((await work.plan()).code).toBe(0);
    await configure(work, theirs + ours("128M"));
    await work.apply();
    expect((await work.plan()).code).toBe(0);
    await work.succeed("destroy", "-input=false", "-auto-approve");
    expect(await isThere(image)).toBe(false);
  });

  it("is left where it is by a block that names another kind of thing", async () => {
    const work = await begin(engine);
    const machine = 'resource "guestkit_virtual_machine" "m" {\n  name   = "m"\n  memory = "64M"\n}\n';
    await configure(work, theirs + moved("libvirt_volume.data", "guestkit_virtual_machine.m") + machine);
    const refused = await work.plan();
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringMatching(/Cannot move libvirt_volume of .* to guestkit_virtual_machine\n.*E_MOVE_UNKNOWN/s),
    ]);
    expect(await isThere(join(pool, "data.qcow2"))).toBe(true);
  });
};

describe.skipIf(!libvirt)("what the libvirt provider made", () => {
  onEveryEngine(suite);
  onNextTerraform(suite);
});
