import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ControlNode } from "../../support/ansible.ts";
import { findEngine } from "../../support/engines.ts";

const playbook = findEngine("ansible-playbook");

/** A machine that never starts: the face, not the boot. */
const declared = {
  name: "web",
  running: false,
  preflight: "off",
  networks: [{ name: "lan", forwards: [{ name: "ssh", guest_port: 22 }] }],
};

describe.skipIf(!playbook)("machines through Ansible", () => {
  let home: string;
  let node: ControlNode;
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), "guestkit-ansible-"));
    process.env.GUESTKIT_DATA_DIR = join(home, "data");
    node = new ControlNode(home, playbook as string);
    await node.install();
  });
  afterAll(() => rm(home, { recursive: true, force: true }));

  it("are made, unchanged the second time, changed, looked at and removed", async () => {
    const task = async (module: string, args: object, flags: readonly string[] = []) => {
      const { result, text } = await node.task(module, { ...args }, flags);
      expect(result.failed ?? false, text).toBe(false);
      return result;
    };
    expect(await task("guestkit_virtual_machine", declared, ["--check"])).toMatchObject({ action: "create" });
    const made = await task("guestkit_virtual_machine", declared);
    expect(made).toMatchObject({ changed: true, id: "web", virtual_machine: { status: "stopped" } });
    expect(await task("guestkit_virtual_machine", declared)).toMatchObject({ changed: false });
    const changed = { ...declared, cpus: 2, labels: { role: "web" } };
    expect(await task("guestkit_virtual_machine", changed)).toMatchObject({ changed: true, action: "update" });
    expect(await task("guestkit_virtual_machine_info", { name: "web" })).toMatchObject({ status: "stopped", cpus: 2 });
    expect(await task("guestkit_virtual_machines", {})).toMatchObject({ machines: [{ name: "web" }] });
    const stopped = await task("guestkit_vm_stop", { name: "web" }, ["--check"]);
    expect(stopped).toMatchObject({ changed: false, status: "stopped" });
    expect(await task("guestkit_vm_destroy", { name: "web" }, ["--check"])).toMatchObject({ changed: true });
    expect(await readdir(join(home, "data/machines"))).toEqual(["web"]);
    expect(await task("guestkit_virtual_machine", { name: "web", state: "absent" })).toMatchObject({ changed: true });
    expect(await readdir(join(home, "data/machines"))).toEqual([]);
  });
});
