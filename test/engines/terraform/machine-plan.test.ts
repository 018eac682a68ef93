import { readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { belongsHere } from "../../support/slow.ts";
import { onEveryEngine, type Workspace, workspace } from "./workspace.ts";

const IMAGE = `resource "guestkit_disk_image" "root" {
  path = "root.qcow2"
  size = "64M"
}
`;

/** Machines that are declared and never started: what the plan says of them needs no boot. */
const machine = (fields: string) => `resource "guestkit_virtual_machine" "web" {
  name      = "web"
  running   = false
  preflight = "off"
  disks = {
    root = { image = guestkit_disk_image.root.id, overlay = true }
  }
  networks = {
    lan = {
      forwards = {
        ssh = { guest_port = 22 }
      }
    }
  }
  ${fields}
}
`;

onEveryEngine((engine) => {
  let work: Workspace;
  beforeAll(async () => {
    work = await workspace(engine, IMAGE);
  });

  it("makes a machine with the image that it stands on, and has nothing to do then", async () => {
    await work.configure(IMAGE + machine(""));
    const foreseen = await work.plan();
    expect(foreseen.code, foreseen.stderr).toBe(2);
    expect(foreseen.stdout).toMatch(/firmware += \(known after apply\)/);
    await work.apply();
    const settled = await work.plan();
    expect(settled.code, settled.stdout + settled.stderr).toBe(0);
  });

  it("changes it in place, and keeps what was left to the world", async () => {
    await work.configure(IMAGE + machine("cpus = 2"));
    const { code, stdout } = await work.plan();
    expect(code).toBe(2);
    expect(stdout).toContain("1 to change");
    expect(stdout).not.toMatch(/firmware +=/);
    await work.apply();
    expect((await work.plan()).code).toBe(0);
  });

  it("imports it by its name", async () => {
    await rm(join(work.dir, "terraform.tfstate"));
    await work.succeed("import", "guestkit_disk_image.root", "root.qcow2");
    await work.succeed("import", "guestkit_virtual_machine.web", "web");
    const { code, stdout } = await work.plan();
    expect(code, stdout).toBe(0);
  });

  it("points at the map's element that is wrong", async () => {
    const wrong = machine("")
      .replace("overlay = true }", 'overlay = true }\n    data = { image = "/nowhere.qcow2" }')
      .replace('"off"', '"error"')
      // A machine that is not to run is only warned of.
      .replace("= false", "= true");
    await work.configure(IMAGE + wrong);
    const { code, stderr } = await work.plan();
    expect(code, stderr).toBe(1);
    expect(stderr).toContain('data = { image = "/nowhere.qcow2" }');
    expect(stderr).toContain("At disks.data.image.");
  });

  it("removes it without a trace", async () => {
    await work.configure(IMAGE + machine(""));
    await work.succeed("destroy", "-auto-approve");
    expect(await readdir(join(dirname(work.dir), "data/machines"))).toEqual([]);
    expect(await readdir(work.dir)).not.toContain("root.qcow2");
  });
}, belongsHere);
