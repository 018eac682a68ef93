import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import type { ValueObject } from "../../../core/model/value.ts";
import { ControlNode } from "../../support/ansible.ts";
import { guestkitText } from "../../support/cli.ts";
import { debianCloud } from "../../support/debian-cloud.ts";
import { findEngine } from "../../support/engines.ts";
import { MachineHost } from "../../support/machine-host.ts";

const playbook = findEngine("ansible-playbook");

/** The machine as a host of Ansible's inventory: facts, a file with changed and ok, as root. */
async function provisionByAnsible(host: MachineHost, program: string): Promise<void> {
  const home = join(host.folder, "ansible");
  await mkdir(home);
  const node = new ControlNode(home, program, host.env);
  await node.install();
  const inventory = join(home, "guestkit.yml");
  await writeFile(inventory, stringify({ plugin: "guestkit.guestkit.guestkit" }));
  const motd = { dest: "/etc/motd", content: "{{ ansible_facts.distribution }} by Ansible\n", mode: "0644" };
  const play = [{ hosts: "web", become: true, tasks: [{ name: "Greet", "ansible.builtin.copy": motd }] }];
  const first = await node.play(stringify(play), ["-i", inventory]);
  expect(first.text).toMatch(/web\s*: ok=2\s+changed=1/);
  expect((await node.play(stringify(play), ["-i", inventory])).text).toMatch(/web\s*: ok=2\s+changed=0/);
  expect(await host.text(["vm", "exec", "web", "--", "cat", "/etc/motd"])).toBe("Debian by Ansible\n");
}

/** A real Debian takes two to three minutes to its end of cloud-init where the processor is emulated. */
const PATIENCE = [{ condition: "cloud_init", timeout: 1500 }];

describe("a real Debian", () => {
  let image: string;
  beforeAll(async () => {
    image = await debianCloud();
  });

  const machine = (more: ValueObject = {}): ValueObject => ({
    cpus: 2,
    memory: "1G",
    disks: { root: { image, overlay: true, size: "4G" } },
    cloud_init: { users: { admin: { sudo: true } }, runcmd: ["hostname > /root/made-by-cloud-init"] },
    wait_for: PATIENCE,
    ...more,
  });

  it("boots by UEFI with a TPM, and keeps its variables and the TPM's state over a restart", async () => {
    await using host = await MachineHost.open();
    const declared = machine({ firmware: "uefi", tpm: true });
    await host.apply({ web: declared });
    expect(await host.plan()).toEqual({});
    const root = (line: string) => host.text(["vm", "exec", "web", "--", "sudo", "sh", "-c", line]);
    expect(await root("cat /root/made-by-cloud-init; findmnt -no SIZE /")).toMatch(/^web\n\s*3\.\dG\n$/);
    const variable = "/sys/firmware/efi/efivars/Kept-12345678-1234-1234-1234-123456789abc";
    await root(`printf '\\007\\000\\000\\000kept' > ${variable}`);
    // The owner hierarchy's authorization lies in the TPM itself: a fresh one has none.
    expect(await root("cat /sys/class/tpm/tpm0/tpm_version_major")).toBe("2\n");
    const seed = await root("cat /sys/class/tpm/tpm0/pcr-sha256/0");
    expect(seed).toMatch(/^[0-9A-F]{64}\n$/);
    await host.text(["vm", "restart", "web"]);
    expect(await root(`tail -c 4 ${variable}`)).toBe("kept");
    expect(await root("cat /sys/class/tpm/tpm0/pcr-sha256/0")).toBe(seed);
    expect(await root("test -e /root/made-by-cloud-init && cat /proc/uptime | cut -d. -f1")).toMatch(/^\d+\n$/);
    await host.apply({});
    const { processes, files } = await host.remains();
    expect({ processes, machines: files.filter((each) => /machines\/.|m-/.test(each)) }).toEqual({
      processes: [],
      machines: [],
    });
  });

  it("boots by its own kernel, taken out of the image and started directly", async () => {
    await using host = await MachineHost.open();
    const list = await guestkitText(["inspect", image, "--json"]);
    const { kernels } = JSON.parse(list) as { kernels: { image: string; initrd: string }[] };
    const [kernel] = kernels;
    await host.text(["cp", `${image}:${kernel?.image}`, join(host.folder, "vmlinuz")]);
    await host.text(["cp", `${image}:${kernel?.initrd}`, join(host.folder, "initrd")]);
    const direct = { kernel: "./vmlinuz", initrd: "./initrd", cmdline: "root=/dev/vda2 ro console=ttyS0" };
    await host.apply({ web: machine(direct) });
    const line = await host.text(["vm", "exec", "web", "--", "cat", "/proc/cmdline"]);
    expect(line.trim()).toBe(direct.cmdline);
    expect(await host.plan()).toEqual({});
    if (playbook) await provisionByAnsible(host, playbook);
  });

  it("fails the apply with cloud-init's own words where a command of the seed fails", async () => {
    await using host = await MachineHost.open();
    const cloud_init = { users: { admin: {} }, runcmd: ["systemctl start what-is-not-there"] };
    const said = await host.apply({ web: machine({ cloud_init }) }, 1);
    expect(said).toMatch(/runcmd\[0\] \(systemctl start what-is-not-there\) failed with exit code 5/);
    expect(said).toMatch(/what-is-not-there\.service/);
    expect(await host.text(["vm", "status", "web"])).toMatch(/status:\s+running/);
  });
});
