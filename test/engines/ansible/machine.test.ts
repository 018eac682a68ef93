import { mkdir, readFile, realpath, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { ControlNode, type Task } from "../../support/ansible.ts";
import { findEngine } from "../../support/engines.ts";
import { MachineHost } from "../../support/machine-host.ts";
import { microGuest } from "../../support/micro-guest/index.ts";
import { run } from "../../support/run.ts";

const playbook = findEngine("ansible-playbook");

describe.skipIf(!playbook)("a machine through Ansible", () => {
  let host: MachineHost;
  let node: ControlNode;
  let declared: Readonly<Record<string, unknown>>;
  beforeAll(async () => {
    host = await MachineHost.open();
    const home = join(host.folder, "engine");
    await mkdir(home);
    node = new ControlNode(home, playbook as string, host.env);
    await node.install();
    const { kernel, initrd, cmdline, sshPublicKey } = await microGuest();
    declared = {
      ...{ name: "web", memory: "384M", kernel, initrd, cmdline, labels: { role: "web" } },
      networks: [{ name: "lan", forwards: [{ name: "ssh", guest_port: 22 }] }],
      cloud_init: {
        users: [{ name: "admin", ssh_authorized_keys: [sshPublicKey], sudo: true }],
        runcmd: ["echo as declared > /root/ran"],
      },
      wait_for: [{ condition: "ssh" }, { condition: "cloud_init" }, { condition: "agent" }],
      upgrade_command: "echo upgraded $(cat /root/ran)",
      timeouts: { stop: 0 },
    };
  });
  afterAll(() => host[Symbol.asyncDispose]());

  /** In one play, which takes as long to begin as a task takes; none of them fails. */
  const tasks = async (list: readonly Task[], flags: readonly string[] = []) => {
    const { results, text } = await node.tasks(list, flags);
    expect(results.length, text).toBe(list.length);
    expect(results.filter(({ failed }) => failed).length, `${text}\n${await host.consoles()}`).toBe(0);
    return { results, text };
  };
  const task = async (module: string, args: object, flags: readonly string[] = []) =>
    (await tasks([[module, { ...args }]], flags)).results[0];
  const CHECK = { check_mode: true, diff: true };
  const INFO: Task = ["guestkit_virtual_machine_info", { name: "web" }];
  const act = (verb: string, args: object = {}, keywords = {}): Task => [
    `guestkit_vm_${verb}`,
    { name: "web", ...args },
    keywords,
  ];
  /** Ansible's own connections stay for a while. */
  const machines = async () => (await host.remains()).processes.filter((each) => each.includes("qemu-system"));

  it("is foreseen in check mode, and made", async () => {
    expect(await task("guestkit_virtual_machine", declared, ["--check", "--diff"])).toMatchObject({
      changed: true,
      action: "create",
    });
    expect(await machines()).toEqual([]);
    const machine = (more = {}, keywords = {}): Task => [
      "guestkit_virtual_machine",
      { ...declared, ...more },
      keywords,
    ];
    const { results, text } = await tasks([machine(), machine({ cpus: 2 }, CHECK), machine()]);
    expect(results).toMatchObject([
      {
        changed: true,
        id: "web",
        virtual_machine: {
          status: "running",
          ssh_user: "admin",
          networks: [{ name: "lan", forwards: [{ name: "ssh" }] }],
        },
      },
      { changed: true, action: "update" },
      { changed: false },
    ]);
    expect(text).toContain("will be restarted");
    expect(text).toContain("-cpus: 1");
    expect(text).toContain("+cpus: 2");
  });

  it("obeys the actions, and none in check mode", async () => {
    const { results } = await tasks([
      act("exec", { command: ["sh", "-c", "sudo cat /root/ran; exit 3"] }),
      act("suspend", {}, CHECK),
      INFO,
      act("suspend"),
      act("resume"),
      ["guestkit_virtual_machines", {}],
    ]);
    expect(results).toMatchObject([
      { exit_code: 3, stdout: "as declared\n" },
      {},
      { status: "running", agent: true },
      { status: "paused" },
      { status: "running" },
      { machines: [{ name: "web", status: "running", labels: { role: "web" } }] },
    ]);
  });

  /** That the same module does make it anew is shown by the collection's own target "machines", in the slow run. */
  it("runs a script and is upgraded; in check mode it is neither upgraded nor made anew", async () => {
    const file = join(host.folder, "script.sh");
    await writeFile(file, '#!/bin/sh\necho "$1"; cat; exit 3\n');
    const { results } = await tasks([
      act("run", { file, args: ["one"], input: "two" }),
      act("upgrade", {}, CHECK),
      act("upgrade"),
      INFO,
      act("recycle", {}, CHECK),
      INFO,
    ]);
    const [, foreseen, , before, , after] = results;
    expect(results).toMatchObject([
      { changed: true, exit_code: 3, stdout: "one\ntwo" },
      { changed: true, output: "" },
      { changed: true, status: "running", output: "upgraded as declared" },
      {},
      { changed: true },
      {},
    ]);
    expect(foreseen).not.toHaveProperty("skipped");
    expect(after?.pid).toBe(before?.pid);
  });

  it("is a host of the inventory, and one of ssh_config", async () => {
    const inventory = join(node.home, "guestkit.yml");
    await writeFile(inventory, stringify({ plugin: "guestkit.guestkit.guestkit" }));
    // The guest has no Python: raw runs the command as it is, over the connection that every module would take.
    const tasks = [{ name: "Ask", "ansible.builtin.raw": "sudo cat /root/ran; hostname", register: "said" }];
    const show = { name: "Show", "ansible.builtin.debug": { msg: "{{ said.stdout_lines | join('+') }}" } };
    const play = stringify([{ hosts: "label_role_web", gather_facts: false, tasks: [...tasks, show] }]);
    const { code, text } = await node.play(play, ["-i", inventory]);
    expect(code, text).toBe(0);
    expect(text).toContain("as declared+web");

    const config = join(node.home, "ssh_config");
    await writeFile(config, await host.text(["vm", "ssh-config", "web"]));
    expect(await run("ssh", ["-F", config, "web", "hostname"])).toBe("web\n");
  });

  it("is entered by its agent, without an address", async () => {
    const inventory = join(node.home, "by-agent.yml");
    const web = { ansible_connection: "guestkit.guestkit.guestkit" };
    await writeFile(
      inventory,
      stringify({ all: { hosts: { web, gone: { ...web, ansible_guestkit_machine: "gone" } } } }),
    );
    const script = join(node.home, "into.sh");
    await writeFile(script, "#!/bin/sh\necho brought; exit 3\n");
    const play = [
      { name: "Ask", "ansible.builtin.raw": "cat /root/ran; id -un; echo told >&2" },
      { name: "As another", "ansible.builtin.raw": "id -un", vars: { ansible_user: "admin" } },
      { name: "Bring", "ansible.builtin.script": script },
    ].map((each) => ({ ...each, ignore_errors: true }));
    const { text } = await node.play(stringify([{ hosts: "web", gather_facts: false, tasks: play }]), [
      "-i",
      inventory,
    ]);
    expect(await node.results(), text).toMatchObject({
      Ask: { rc: 0, stdout: "as declared\nroot\n", stderr: "told\n" },
      "As another": { stdout: "admin\n" },
      Bring: { rc: 3, stdout: "brought\n" },
    });
    // The module that fetches asks the guest's Python first: here the plugin is asked by itself.
    const fetched = join(node.home, "fetched");
    const fetch = [
      "import os",
      "from ansible.plugins.loader import connection_loader, init_plugin_loader",
      "from ansible.playbook.play_context import PlayContext",
      "init_plugin_loader()",
      "way = connection_loader.get('guestkit.guestkit.guestkit', PlayContext(), os.devnull)",
      "way.set_options(var_options={'ansible_guestkit_machine': 'web'})",
      `way.fetch_file('/root/ran', '${fetched}')`,
    ];
    const python = join(dirname(await realpath(playbook as string)), "python3");
    await run(python, ["-c", fetch.join("\n")], node.env);
    expect(await readFile(fetched, "utf8")).toBe("as declared\n");
    const gone = await node.play(stringify([{ hosts: "gone", gather_facts: false, tasks: play.slice(0, 1) }]), [
      "-i",
      inventory,
    ]);
    expect(gone.text).toMatch(/UNREACHABLE.*no machine.*gone/s);
  });

  it("is removed by its name, without a trace", async () => {
    const absent = (keywords = {}): Task => ["guestkit_virtual_machine", { name: "web", state: "absent" }, keywords];
    const { results } = await tasks([absent(CHECK), INFO, absent(), absent()]);
    expect(results).toMatchObject([
      { changed: true, action: "delete" },
      { status: "running" },
      { changed: true, action: "delete" },
      { changed: false },
    ]);
    expect(await machines()).toEqual([]);
  });
});
