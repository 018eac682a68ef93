/** A machine on a host, and in the slow run on each of two: declared, logged in to and cut off from here. Nothing is forwarded there. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { guestkit } from "../../support/cli.ts";
import { ROOT_UUID } from "../../support/micro-guest/disk.ts";
import { type MicroGuest, microGuest } from "../../support/micro-guest/index.ts";
import { type RemoteHost, remoteHost, sshFor } from "../../support/remote-host.ts";
import { run } from "../../support/run.ts";
import { scratch } from "../../support/scratch.ts";
import { belongsHere, isWhole } from "../../support/slow.ts";
import { onEveryEngine, workspace } from "./workspace.ts";

/** That a program may have things on two hosts is what hosts.test.ts tells; a second guest shows no more of it by default. */
const NAMES = isWhole ? ["a", "b"] : ["a"];
const dir = await scratch("terraform-hosts-machines");
let hosts: readonly RemoteHost[] = [];
let env: NodeJS.ProcessEnv = {};
let guest: MicroGuest;

beforeAll(async () => {
  guest = await microGuest();
  hosts = await Promise.all(NAMES.map((name) => remoteHost(dir, name, { roundTrip: 20 })));
  env = { PATH: [await sshFor(dir, hosts), process.env.PATH].join(delimiter) };
});

afterAll(async () => {
  for (const host of hosts) {
    await guestkit(["vm", "destroy", "--force", "web"], { cwd: host.home, env: { HOME: host.home } });
    await host.stop();
  }
});

/** What a machine is by default, and what it may be changed to: that restarts it, and nobody waits for its guest once more. */
const READY = { memory: "384M", waitFor: '[{ condition = "ssh" }]' };
const LARGER = { memory: "400M", waitFor: "[]" };

/** An image and the machine that boots it, on each host; all machines have one name. */
const configuration = (changed: Readonly<Record<string, typeof READY>> = {}) =>
  hosts
    .map(
      ({ name }) => `
provider "guestkit" {
  alias = "${name}"
  host  = "${name}"
}
resource "guestkit_disk_image" "${name}" {
  provider     = guestkit.${name}
  path         = "root.qcow2"
  backing_file = "${guest.imageBios}"
}
resource "guestkit_virtual_machine" "${name}" {
  provider   = guestkit.${name}
  name       = "web"
  memory     = "${(changed[name] ?? READY).memory}"
  kernel     = "${guest.kernel}"
  initrd     = "${guest.initrd}"
  cmdline    = "${guest.cmdline} root=UUID=${ROOT_UUID}"
  disks      = { root = { image = guestkit_disk_image.${name}.id } }
  networks   = { lan = { forwards = { ssh = { guest_port = 22 } } } }
  cloud_init = { hostname = "web-${name}", users = { admin = { sudo = true } } }
  wait_for   = ${(changed[name] ?? READY).waitFor}
  timeouts   = { stop = 0 }
}
data "guestkit_virtual_machine_info" "${name}" {
  provider = guestkit.${name}
  name     = guestkit_virtual_machine.${name}.name
}
output "${name}" {
  value = { for key in ["ssh_command", "ssh_key_file"] : key => guestkit_virtual_machine.${name}[key] }
}
output "info_${name}" { value = data.guestkit_virtual_machine_info.${name}.ssh_command }
`,
    )
    .join("");

onEveryEngine(
  (engine) => {
    it("has a machine on each by one apply, of which one is cut off, and logs in to all from here", async () => {
      const project = await workspace(engine, configuration(), env);
      const applied = project.apply();
      const [first] = hosts as [RemoteHost];
      // It is being made: its folder is there, and its guest has not booted yet.
      const folder = join(first.home, ".local/share/guestkit/machines/web");
      await expect.poll(() => existsSync(join(folder, "run.json")), { timeout: 300_000 }).toBe(true);
      expect(first.cut()).toBe(true);
      await applied;
      expect((await project.plan()).code).toBe(0);

      const outputs = await project.outputs();
      for (const { name, home } of hosts) {
        const { ssh_command, ssh_key_file } = outputs[name] as { ssh_command: string; ssh_key_file: string };
        expect(await run("sh", ["-c", `${ssh_command} hostname`], env)).toBe(`web-${name}\n`);
        expect(outputs[`info_${name}`]).toBe(ssh_command);
        // It is a copy here.
        expect(ssh_key_file).not.toContain(home);
        expect(await readFile(String(ssh_key_file), "utf8")).toContain("PRIVATE KEY");
      }

      await project.configure(configuration({ a: LARGER }));
      await project.apply();
      expect((await project.plan()).code).toBe(0);
      await project.succeed("destroy", "-input=false", "-auto-approve");
      for (const { home } of hosts) expect(existsSync(join(home, "root.qcow2"))).toBe(false);
      for (const { name } of hosts) {
        expect(existsSync((outputs[name] as { ssh_key_file: string }).ssh_key_file)).toBe(false);
      }
    });
  },
  (name) => isWhole || belongsHere(name),
);
