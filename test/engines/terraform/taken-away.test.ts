import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { MachineHost } from "../../support/machine-host.ts";
import { run } from "../../support/run.ts";
import { belongsHere } from "../../support/slow.ts";
import { onEveryEngine, type Workspace, workspace } from "./workspace.ts";

const image = (more = "") => `resource "guestkit_disk_image" "data" {
  path = "data.qcow2"
  size = "64M"
  ${more}
}
`;

/** A machine with nothing to boot, which runs at once. */
const machine = (disks: string, name = "web") => `resource "guestkit_virtual_machine" "${name}" {
  name      = "${name}"
  memory    = "64M"
  preflight = "off"
  wait_for  = []
  timeouts  = { stop = 0, quit = 10 }
  disks     = { ${disks} }
}
`;

const DATA = "data = { image = guestkit_disk_image.data.id }";
const FIRST = "lifecycle { create_before_destroy = true }";

onEveryEngine((engine) => {
  let work: Workspace;
  let host: MachineHost;
  beforeAll(async () => {
    work = await workspace(engine, image() + machine(DATA));
    host = MachineHost.at(join(work.dir, ".."));
    await work.apply();
    return () => host[Symbol.asyncDispose]();
  });

  it("says nothing of users in a delete plan: the same plan may remove them", async () => {
    const { code, stdout, stderr } = await work.plan("-destroy");
    expect([code, stderr]).toEqual([2, ""]);
    expect(stdout).not.toContain("Warning");
  });

  it("does not take a disk from a machine that runs on it, and names it and the way", async () => {
    await work.configure(machine(""));
    expect((await work.plan()).code).toBe(2);
    const { code, stderr } = await work.run("apply", "-input=false", "-auto-approve");
    expect(code).toBe(1);
    expect(stderr).toMatch(/Machine "web" has it open\.\s/);
    expect(stderr).toContain("create_before_destroy = true");
    expect(await readdir(work.dir)).toContain("data.qcow2");
  });

  it("takes it where the machine is changed first", async () => {
    await work.configure(image(FIRST) + machine(DATA));
    await work.apply();
    await work.configure(machine(""));
    await work.apply();
    expect(await readdir(work.dir)).not.toContain("data.qcow2");
    expect((await work.plan()).code).toBe(0);
  });

  it("refuses at plan a name and an image that are there, and replaces what it holds", async () => {
    await mkdir(join(host.folder, "other"));
    await writeFile(join(host.folder, "guestkit.yaml"), "version: 1\nresources: {}\n");
    await host.apply({ taken: { running: false } });
    await run("qemu-img", ["create", "-q", "-f", "qcow2", join(work.dir, "there.qcow2"), "32M"]);
    await work.configure(
      machine("") + machine("", "taken") + image().replace('"data"', '"there"').replace("data.qcow2", "there.qcow2"),
    );
    const { code, stderr } = await work.plan();
    expect(code).toBe(1);
    expect(stderr).toContain("E_OWNER");
    expect(stderr).toContain("E_IMAGE_FOREIGN");

    await work.configure(machine(""));
    expect((await work.plan("-replace=guestkit_virtual_machine.web")).code).toBe(2);
    await work.succeed("taint", "guestkit_virtual_machine.web");
    expect((await work.plan("-refresh=false")).code).toBe(2);
    await work.apply();
    expect((await work.plan()).code).toBe(0);
  });
}, belongsHere);
