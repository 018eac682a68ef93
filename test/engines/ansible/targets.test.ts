import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { ControlNode, PIPELINING } from "../../support/ansible.ts";
import { integrationConfig, TARGETS } from "../../support/ansible-integration.ts";
import { findEngine } from "../../support/engines.ts";
import { MachineHost } from "../../support/machine-host.ts";

const playbook = findEngine("ansible-playbook");
/** One run for these, each module once or twice. The others boot machines: the slow run has all, by ansible-test. */
const USED = ["images", "jobs", "roles"];

describe.skipIf(!playbook)("the collection's integration targets", () => {
  let host: MachineHost;
  let node: ControlNode;
  beforeAll(async () => {
    host = await MachineHost.open();
    const home = join(host.folder, "engine");
    await mkdir(home);
    // The command is what the targets name by module_defaults, and nothing else.
    const env = { ANSIBLE_ROLES_PATH: TARGETS, GUESTKIT_COMMAND: "/nowhere", ...PIPELINING };
    node = new ControlNode(home, playbook as string, env);
    await node.install();
  });
  afterAll(() => host[Symbol.asyncDispose]());

  it("pass in one play", async () => {
    const config = await integrationConfig(host);
    const play = [{ hosts: "localhost", connection: "local", gather_facts: false, roles: USED }];
    const { code, text } = await node.play(stringify(play), ["-e", `@${config}`]);
    expect(code, `${text}\n${await host.consoles()}`).toBe(0);
    // What guestkit itself warns of depends on the host: what Ansible will no longer take does not.
    expect(text).not.toMatch(/\[DEPRECATION/);
    expect((await host.remains()).processes.filter((each) => each.includes("qemu-system"))).toEqual([]);
  });
});
