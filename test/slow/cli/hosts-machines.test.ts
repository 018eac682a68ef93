/** A machine on each of two hosts by guestkit.yaml, at 20 ms a round trip; one is cut off, and verbs lead into both from here. */
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { guestkit, guestkitText } from "../../support/cli.ts";
import { ROOT_UUID } from "../../support/micro-guest/disk.ts";
import { microGuest } from "../../support/micro-guest/index.ts";
import { type RemoteHost, remoteHost, sshFor } from "../../support/remote-host.ts";
import { run } from "../../support/run.ts";
import { scratch } from "../../support/scratch.ts";

const here = await scratch("yaml-machines");
let hosts: readonly [RemoteHost, RemoteHost];
let env: Readonly<Record<string, string>> = {};

/** An image and the machine that boots it, on each host; both machines have one name. */
async function declare(memory: string): Promise<void> {
  const { imageBios, kernel, initrd, cmdline } = await microGuest();
  await writeFile(
    join(here, "guestkit.yaml"),
    `version: 1
hosts: { a: {}, b: {} }
resources:
  disk_image:
    root: { for_each: [a, b], host: "\${each.key}", path: ./root.qcow2, backing_file: "${imageBios}" }
  virtual_machine:
    web:
      for_each: [a, b]
      host: \${each.key}
      name: web
      memory: ${memory}
      kernel: "${kernel}"
      initrd: "${initrd}"
      cmdline: "${cmdline} root=UUID=${ROOT_UUID}"
      disks: { root: { image: "\${disk_image.root[each.key].id}" } }
      networks: { lan: { forwards: { ssh: { guest_port: 22 } } } }
      cloud_init: { hostname: "web-\${each.key}", users: { admin: { sudo: true } } }
      wait_for: [{ condition: ssh }]
      timeouts: { stop: 5 }
`,
  );
}

const text = (args: readonly string[], input = "", code = 0) => guestkitText(args, { cwd: here, env, input }, code);

beforeAll(async () => {
  const made = await Promise.all(["a", "b"].map((name) => remoteHost(here, name, { roundTrip: 20 })));
  hosts = made as [RemoteHost, RemoteHost];
  const PATH = [await sshFor(here, hosts), process.env.PATH].join(delimiter);
  env = { PATH, HOME: here, GUESTKIT_DATA_DIR: join(here, "data") };
});

afterAll(async () => {
  for (const host of hosts) {
    await guestkit(["vm", "destroy", "--force", "web"], { cwd: host.home, env: { HOME: host.home } });
    await host.stop();
  }
});

it("has both by one apply, of which one is cut off", async () => {
  await declare("384M");
  const applied = guestkit(["apply", "--auto-approve"], { cwd: here, env });
  // It is being made: its folder is there, and its guest has not booted yet.
  const folder = join(hosts[0].home, ".local/share/guestkit/machines/web");
  let told = "";
  void applied.then(({ stderr }) => (told = stderr));
  await expect.poll(() => told + existsSync(join(folder, "run.json")), { timeout: 300_000 }).not.toBe("false");
  expect(told).toBe("");
  expect(hosts[0].cut()).toBe(true);
  expect(await applied).toMatchObject({ exitCode: 0 });
  await text(["plan", "--detailed-exitcode"]);
});

it("leads into each from here, by verbs and by ssh itself", async () => {
  for (const { name } of hosts) {
    expect(await text(["vm", "exec", "--host", name, "web", "hostname"])).toBe(`web-${name}\n`);
    expect(await text(["--host", name, "vm", "ssh", "web", "cat"], "all of it")).toBe("all of it");
    const config = join(here, `${name}.conf`);
    await writeFile(config, await text(["vm", "ssh-config", "web", "--host", name]));
    expect(await run("ssh", ["-F", config, "web", "hostname"], env)).toBe(`web-${name}\n`);
  }
  await writeFile(join(here, "note"), "from here");
  await text(["vm", "cp", "--host", "b", "note", "web:/tmp/note"]);
  expect(await text(["vm", "exec", "--host", "b", "web", "cat", "/tmp/note"])).toBe("from here");
});

it("changes both, and says of one that does not run how to start it", async () => {
  await declare("400M");
  await text(["apply", "--auto-approve"]);
  await text(["plan", "--detailed-exitcode"]);
  await text(["vm", "stop", "--host", "a", "web"]);
  const { exitCode, stderr } = await guestkit(["vm", "cp", "--host", "a", "note", "web:/tmp/"], { cwd: here, env });
  expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/it is stopped\n +guestkit vm up web --host a/)]);
});

it("takes both away again", async () => {
  await text(["destroy", "--auto-approve"]);
  for (const { home, name } of hosts) {
    expect(existsSync(join(home, "root.qcow2"))).toBe(false);
    expect(await text(["vm", "list", "--host", name, "--quiet"], "").catch(() => "")).toBe("");
    expect(existsSync(join(here, "data/hosts", name, "web"))).toBe(false);
  }
});
