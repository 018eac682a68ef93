/** By default Terraform shows what a template means to a plan (engines/terraform/template): check mode tells the same. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { ControlNode } from "../../support/ansible.ts";
import { findEngine } from "../../support/engines.ts";
import { MachineHost } from "../../support/machine-host.ts";
import { run } from "../../support/run.ts";

const playbook = findEngine("ansible-playbook");

describe.skipIf(!playbook)("a template through Ansible", () => {
  let host: MachineHost;
  let node: ControlNode;
  beforeAll(async () => {
    host = await MachineHost.open();
    const home = join(host.folder, "engine");
    await mkdir(home);
    node = new ControlNode(home, playbook as string, host.env);
    await node.install();
    await run("qemu-img", ["create", "-q", "-f", "qcow2", join(host.folder, "base.qcow2"), "32M"]);
  });
  afterAll(() => host[Symbol.asyncDispose]());

  const bare = { memory: "64M", preflight: "off", wait_for: [], networks: [], timeouts: { stop: 0 } };
  const machine = async (name: string, more: object, flags: readonly string[] = []) => {
    const { result, text } = await node.task("guestkit_virtual_machine", { ...bare, name, ...more }, flags);
    expect(result.failed ?? false, text).toBe(false);
    return { ...result, text };
  };

  const family = async (machines: readonly object[]) => {
    const tasks = machines.map((each) => ({
      name: "A machine",
      "guestkit.guestkit.guestkit_virtual_machine": { ...bare, ...each },
    }));
    const { code, text } = await node.play(stringify([{ hosts: "localhost", gather_facts: false, tasks }]));
    expect(code, text).toBe(0);
  };

  it("two dependants and an upgrade of the base: check mode says what will happen", async () => {
    const disks = [{ name: "root", image: join(host.folder, "base.qcow2") }];
    await family([
      { name: "template", running: false, disks },
      { name: "one", template_vm: "template" },
      { name: "two", template_vm: "template" },
    ]);
    for (const name of ["one", "two"]) await host.text(["vm", "stop", name]);
    await run("qemu-io", ["-c", "write -P 7 0 64k", join(host.folder, "base.qcow2")]);
    const check = await machine("one", { template_vm: "template" }, ["--check", "--diff"]);
    expect(check).toMatchObject({ changed: true, action: "update" });
    expect(check.text).toContain('The disks of "one" are made anew at this start, from what was upgraded');
    expect(await machine("one", { template_vm: "template" })).toMatchObject({
      changed: true,
      virtual_machine: { status: "running", template_upgraded: false },
    });
    const disk = join(host.folder, "data/machines/one/fresh/root.qcow2");
    expect(await run("qemu-io", ["-U", "-r", "-c", "read -P 7 0 64k", disk])).toContain("read 65536/65536");
  });
});
