import { dirname, join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { MachineHost } from "../../support/machine-host.ts";
import { run } from "../../support/run.ts";
import { belongsHere } from "../../support/slow.ts";
import { type Outcome, onEveryEngine, type Workspace, workspace } from "./workspace.ts";

/** Nothing to boot: QEMU is up in a moment. */
const BARE = `memory    = "64M"
  preflight = "off"
  wait_for  = []
  networks  = {}
  timeouts  = { stop = 0 }`;

/** Without the line breaks of a terminal's width. */
const flat = ({ stdout }: Outcome): string => stdout.replace(/\s+/g, " ");

const dependant = (name: string) => `resource "guestkit_virtual_machine" "${name}" {
  name        = "${name}"
  template_vm = guestkit_virtual_machine.template.name
  ${BARE}
}
output "${name}_upgraded" {
  value = guestkit_virtual_machine.${name}.template_upgraded
}
`;

const family = (size: string) => `resource "guestkit_disk_image" "base" {
  path = "base.qcow2"
  size = "${size}"
}
resource "guestkit_virtual_machine" "template" {
  name    = "template"
  running = false
  disks   = { root = { image = guestkit_disk_image.base.id } }
  ${BARE}
}
${dependant("one")}${dependant("two")}`;

onEveryEngine((engine) => {
  let work: Workspace;
  let host: MachineHost;
  afterEach(() => host[Symbol.asyncDispose]());

  const stop = async () => {
    for (const name of ["one", "two"]) await host.text(["vm", "stop", name]);
  };

  it("a template, two dependants and upgrades of the base: the plan says what will happen", async () => {
    work = await workspace(engine, family("32M"));
    host = MachineHost.at(dirname(work.dir));
    const base = join(work.dir, "base.qcow2");
    await work.apply();
    expect((await work.plan()).code).toBe(0);

    // In the template, while its dependants stand still.
    await stop();
    await host.text(["vm", "up", "template"]);
    await host.text(["vm", "stop", "template"]);
    await run("qemu-io", ["-c", "write -P 7 0 64k", base]);
    const after = await work.plan();
    expect(after.code, after.stderr).toBe(2);
    for (const name of ["one", "two"]) {
      expect(flat(after)).toContain(`The disks of "${name}" are made anew at this start, from what was upgraded`);
    }
    expect(flat(after)).toContain("(W_TEMPLATE_UPGRADED)");
    await work.apply();
    const disk = join(dirname(work.dir), "data/machines/one/fresh/root.qcow2");
    expect(await run("qemu-io", ["-U", "-r", "-c", "read -P 7 0 64k", disk])).toContain("read 65536/65536");
    expect((await work.plan()).code).toBe(0);
    expect(await work.succeed("output", "-json")).not.toContain("true,");

    // By the configuration, while they run.
    await work.configure(family("64M"));
    const early = await work.plan();
    expect(early.code, early.stderr).toBe(2);
    expect(flat(early)).toContain('achines have copies of it that lean on it: "one", "two"');
    const refused = await work.run("apply", "-input=false", "-auto-approve");
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("E_IMAGE_HAS_OVERLAYS")]);

    await stop();
    const announced = await work.plan();
    expect(announced.code, announced.stderr).toBe(2);
    expect(flat(announced)).toContain('The disk "root" of "one" is made anew at this start from');
    expect(flat(announced)).toContain("which this apply upgrades first");
    await work.apply();
    expect((await work.plan()).code).toBe(0);
    await work.succeed("destroy", "-auto-approve");
    expect((await host.remains()).processes).toEqual([]);
  });
}, belongsHere);
