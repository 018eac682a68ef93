/** An image and a machine on each of two hosts with a network, a user and a home of their own, by each engine. */
import { chown, copyFile, readdir, writeFile } from "node:fs/promises";
import { basename, delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { onEveryEngine, workspace } from "../../engines/terraform/workspace.ts";
import { guestkitText } from "../../support/cli.ts";
import { findEngine } from "../../support/engines.ts";
import { ROOT_UUID } from "../../support/micro-guest/disk.ts";
import { type MicroGuest, microGuest } from "../../support/micro-guest/index.ts";
import { canMakeNamespaces, namespaceHost } from "../../support/namespace-host.ts";
import { PulumiProject } from "../../support/pulumi.ts";
import { type RemoteHost, sshFor } from "../../support/remote-host.ts";
import { run } from "../../support/run.ts";
import { scratch } from "../../support/scratch.ts";

const binary = findEngine("pulumi");
const possible = await canMakeNamespaces();
if (!possible) console.warn("left out: hosts with networks of their own need root and network namespaces");
const { PATH } = process.env;

describe.skipIf(!possible)("two hosts with networks, users and homes of their own", () => {
  let dir: string;
  let hosts: readonly RemoteHost[] = [];
  let guest: MicroGuest;
  let env: Readonly<Record<string, string>>;

  beforeAll(async () => {
    guest = await microGuest();
    dir = await scratch("hosts-own");
    hosts = await Promise.all(["anna", "bert"].map((name, serial) => namespaceHost(dir, name, serial, 20)));
    for (const [serial, { home }] of hosts.entries()) {
      for (const each of [guest.kernel, guest.initrd]) {
        await copyFile(each, join(home, basename(each)));
        await chown(join(home, basename(each)), 20_000 + serial, 20_000 + serial);
      }
    }
    env = { PATH: [await sshFor(dir, hosts), PATH].join(delimiter) };
    process.env.PATH = env.PATH;
  });

  afterAll(async () => {
    process.env.PATH = PATH;
    for (const host of hosts) await host.stop();
  });

  /** The image comes from here, the kernel lies there; both machines have one name. */
  const machine = (name: string) => ({
    name: "web",
    memory: "384M",
    kernel: basename(guest.kernel),
    initrd: basename(guest.initrd),
    cmdline: `${guest.cmdline} root=UUID=${ROOT_UUID}`,
    networks: { lan: { forwards: { ssh: { guest_port: 22 } } } },
    cloud_init: { hostname: `web-${name}`, users: { admin: { sudo: true } } },
    wait_for: [{ condition: "ssh" }],
    timeouts: { stop: 0 },
  });

  const demandNothing = async () => {
    for (const { home } of hosts) expect((await readdir(home)).filter((name) => name.endsWith(".qcow2"))).toEqual([]);
  };

  it("have both by guestkit.yaml, and are logged in to by the command line", async () => {
    const here = await scratch("hosts-own-yaml");
    const project = {
      version: 1,
      hosts: Object.fromEntries(hosts.map(({ name }) => [name, {}])),
      resources: {
        disk_image: Object.fromEntries(
          hosts.map(({ name }) => [name, { host: name, path: "root.qcow2", source: { url: guest.imageBios } }]),
        ),
        virtual_machine: Object.fromEntries(
          hosts.map(({ name }) => [
            name,
            { host: name, ...machine(name), disks: { root: { image: `\${disk_image.${name}.id}` } } },
          ]),
        ),
      },
    };
    await writeFile(join(here, "guestkit.yaml"), stringify(project));
    const text = (...args: readonly string[]) =>
      guestkitText(args, { cwd: here, env: { ...env, HOME: here, GUESTKIT_DATA_DIR: join(here, "data") } });
    await text("apply", "--auto-approve");
    await text("plan", "--detailed-exitcode");
    for (const { name } of hosts)
      expect(await text("vm", "exec", "--host", name, "web", "hostname")).toBe(`web-${name}\n`);
    for (const [serial, { name }] of hosts.entries()) {
      const owners = await run("sh", [
        "-c",
        'ip netns pids "$1" | xargs ps -o uid=,comm= -p',
        "sh",
        `gk-${process.pid}-${serial}`,
      ]);
      expect(owners, name).toMatch(new RegExp(`${20_000 + serial} (vm-web|qemu)`));
    }
    await text("destroy", "--auto-approve");
    await demandNothing();
  });

  it.skipIf(!binary)("have both by a Pulumi program, and are logged in to from here", async () => {
    const stack = await PulumiProject.create(String(binary), join(await scratch("hosts-own-pulumi"), "project"));
    const declared = Object.fromEntries(hosts.map(({ name }) => [name, camel(machine(name))]));
    await stack.write(`
      const declared = ${JSON.stringify(declared)};
      exports.ways = Object.entries(declared).map(([host, machine]) => {
        const image = new guestkit.DiskImage(host, { path: "root.qcow2", source: { url: ${JSON.stringify(guest.imageBios)} } }, { host });
        const disks = { root: { image: image.id } };
        return new guestkit.VirtualMachine(host, { ...machine, disks }, { host }).sshCommand;
      });
    `);
    const done = (ran: { code: number; text: string }) => expect(ran, ran.text).toMatchObject({ code: 0 });
    done(await stack.up());
    done(await stack.preview("--refresh", "--expect-no-changes"));
    const { ways } = (await stack.outputs()) as { ways: readonly string[] };
    for (const [serial, way] of ways.entries())
      expect(await run("sh", ["-c", `${way} hostname`], env)).toBe(`web-${hosts[serial]?.name}\n`);
    done(await stack.destroy());
    await demandNothing();
  });

  onEveryEngine((engine) => {
    it("have both by one apply, of which one is cut off", async () => {
      const body = hosts.map(({ name }) => configuration(name)).join("");
      const project = await workspace(engine, body, env);
      const applied = project.apply();
      const [first] = hosts as [RemoteHost];
      await expect.poll(() => first.cut(), { timeout: 60_000, interval: 1500 }).toBe(true);
      await applied;
      expect((await project.plan()).code).toBe(0);
      const outputs = await project.outputs();
      for (const { name } of hosts)
        expect(await run("sh", ["-c", `${String(outputs[name])} hostname`], env)).toBe(`web-${name}\n`);
      await project.succeed("destroy", "-input=false", "-auto-approve");
      await demandNothing();
    });
  });

  /** JSON is HCL's syntax of values, too. */
  const configuration = (name: string) => `
provider "guestkit" {
  alias = "${name}"
  host  = "${name}"
}
resource "guestkit_disk_image" "${name}" {
  provider = guestkit.${name}
  path     = "root.qcow2"
  source   = { url = "${guest.imageBios}" }
}
resource "guestkit_virtual_machine" "${name}" {
  provider = guestkit.${name}
  disks    = { root = { image = guestkit_disk_image.${name}.id } }
${Object.entries(machine(name))
  .map(([key, value]) => `  ${key} = ${JSON.stringify(value)}\n`)
  .join("")}}
output "${name}" {
  value = guestkit_virtual_machine.${name}.ssh_command
}
`;
});

/** As Pulumi's properties are called. */
function camel(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camel);
  if (typeof value !== "object" || value === null) return value;
  const spelled = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [spelled(name), camel(each)]));
}
