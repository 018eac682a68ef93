import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { ControlNode } from "../../support/ansible.ts";
import { findEngine } from "../../support/engines.ts";

const playbook = findEngine("ansible-playbook");

const contract = {
  name: "probe_machine",
  reachable: {
    host: "ssh_host",
    port: "ssh_port",
    user: "ssh_user",
    key: "key_file",
    knownHosts: "known_hosts",
    config: "config",
    groups: ["labels", "status"],
  },
};

const running = {
  ssh_host: "127.0.0.1",
  ssh_port: 2222,
  ssh_user: "admin",
  key_file: "/keys/web",
  known_hosts: "/keys/known hosts",
  labels: { role: "web" },
  status: "running",
  address: "{{ lookup('pipe', 'touch /tmp/never') }}",
};

const states = {
  web: { id: "web", ...running },
  far: { id: "far", ...running, config: "/keys/far config" },
  off: { id: "off", ...running, ssh_host: null, ssh_port: null, status: "stopped" },
};

/** What speaks as `guestkit rpc` does: answers out of order, with notifications between. */
const SERVER = `
const states = JSON.parse(process.argv[2]);
const contract = JSON.parse(process.argv[3]);
let host;
const methods = {
  initialize: (params) => ((host = params.host), { protocol: 1, contracts: [{ name: "other" }, contract] }),
  list: () => ({ ids: [...Object.keys(states).filter((each) => each !== "far" || host === "lab"), "broken"] }),
  observe: ({ id }) => ({ state: states[id] }),
};
const say = (message) => console.log(JSON.stringify({ jsonrpc: "2.0", ...message }));
require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, method, params } = JSON.parse(line);
  say({ method: "progress", params: { id } });
  if (params.id === "broken") return say({ id, error: { message: "Cannot read it", data: { help: "Mend it." } } });
  setTimeout(() => say({ id, result: methods[method](params) }), params.id === "web" ? 50 : 0);
});
`;

/** What is no template goes by another notation where Ansible writes JSON. */
const plain = (_key: string, value: { readonly __ansible_unsafe?: unknown } | null) => value?.__ansible_unsafe ?? value;

describe.skipIf(!playbook)("the Ansible inventory", () => {
  let home: string;
  let node: ControlNode;
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), "guestkit-inventory-"));
    node = new ControlNode(home, playbook as string);
    await node.install();
    await writeFile(join(home, "server.cjs"), SERVER);
  });
  afterAll(() => rm(home, { recursive: true, force: true }));

  /** A file by whose name the plugin knows that it is its own. */
  async function source(name: string, settings: object, told: object = states): Promise<string> {
    const file = join(home, `${name}guestkit.yml`);
    const command = [process.execPath, join(home, "server.cjs"), JSON.stringify(told), JSON.stringify(contract)];
    await writeFile(file, stringify({ plugin: "guestkit.guestkit.guestkit", command, ...settings }));
    return file;
  }

  async function inventory(settings: object, told: object = states, ...before: readonly string[]) {
    const file = await source("", settings, told);
    const program = join(dirname(playbook as string), "ansible-inventory");
    const { GUESTKIT_COMMAND: _, ...env } = node.env;
    const run = await execa(program, [...before.flatMap((each) => ["-i", each]), "-i", file, "--list"], {
      env,
      reject: false,
    });
    return { text: run.stderr, list: run.exitCode === 0 ? JSON.parse(run.stdout, plain) : null };
  }

  it("has a host of each thing that can be reached, with its groups", async () => {
    const { list, text } = await inventory({ keyed_groups: [{ key: "guestkit.state.ssh_user", prefix: "user" }] });
    expect(Object.keys(list._meta.hostvars)).toEqual(["web"]);
    expect(list._meta.hostvars.web).toMatchObject({
      ansible_host: "127.0.0.1",
      ansible_port: 2222,
      ansible_user: "admin",
      ansible_ssh_private_key_file: "/keys/web",
      ansible_ssh_common_args:
        "-o 'UserKnownHostsFile=/keys/known hosts' -o HostKeyAlias=web -o StrictHostKeyChecking=yes",
      guestkit: { state: { address: running.address } },
    });
    for (const group of ["guestkit", "probe_machine", "label_role_web", "status_running", "user_admin"]) {
      expect(list[group].hosts, group).toEqual(["web"]);
    }
    expect(text).toContain("probe_machine broken: Cannot read it");
  });

  it("leads by way of the host that it is told of, by the file that guestkit keeps for that", async () => {
    const { list } = await inventory({ host: "lab" });
    expect(list._meta.hostvars.far).toMatchObject({
      ...{ ansible_host: "far", ansible_user: "admin" },
      ansible_ssh_common_args: "-F '/keys/far config'",
    });
  });

  it("lists what cannot be reached where that is asked for", async () => {
    const { list } = await inventory({ unreachable: true });
    expect(list.status_stopped.hosts).toEqual(["off"]);
  });

  it("takes no name, address or user for an option of ssh", async () => {
    const option = `-oProxyCommand=touch ${join(home, "never")}`;
    const told = {
      address: { ...running, id: "address", ssh_host: option },
      user: { ...running, id: "user", ssh_user: option },
      [option]: { ...running, id: option },
      web: states.web,
    };
    for (const settings of [{}, { host: "lab" }, { unreachable: true }]) {
      const { list, text } = await inventory(settings, told);
      expect(Object.keys(list._meta.hostvars)).toEqual(["web"]);
      expect(text.match(/would be an option of/g)).toHaveLength(3);
    }
  });

  it("lets another host's things pass for no other host, nor for this one", async () => {
    const own = join(home, "own.ini");
    await writeFile(own, "web ansible_host=192.0.2.1\n");
    const names = ["web", "localhost", "127.0.0.1", "::1", "far", "off"];
    const told = Object.fromEntries(names.map((id) => [id, { ...states.far, id }]));
    const off = { ...states.off, config: null };
    const { list, text } = await inventory({ host: "lab", unreachable: true }, { ...told, off }, own);
    const { hostvars } = list._meta;
    expect(Object.keys(hostvars).toSorted()).toEqual(["far", "off", "web"]);
    expect(hostvars.web).toEqual({ ansible_host: "192.0.2.1" });
    expect(hostvars.off.ansible_host).toBe("off.invalid");
    expect(text.match(/exists already/g)).toHaveLength(4);
    expect((await inventory({}, { web: states.web }, own)).list._meta.hostvars.web.ansible_host).toBe("127.0.0.1");
  });

  it("refuses kinds that it does not know, and says what went wrong", async () => {
    const [unknown, silent] = [
      await source("unknown.", { contracts: ["floppy"] }),
      await source("silent.", { command: ["false"] }),
    ];
    const { text } = await inventory({ command: ["/nowhere/guestkit"] }, states, unknown, silent);
    expect(text).toContain("Cannot list floppy: known are probe_machine");
    expect(text).toContain("it ended without an answer");
    expect(text).toContain("Cannot run /nowhere/guestkit");
  });
});
