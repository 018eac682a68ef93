import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ControlNode, type Task } from "../../support/ansible.ts";
import { findEngine } from "../../support/engines.ts";
import { makeForeignRoot, SMALL_SYSTEM } from "../../support/foreign-roots.ts";
import { lockedVolumes } from "../../support/locked-volumes.ts";

const run = promisify(execFile);
const playbook = findEngine("ansible-playbook");

describe.skipIf(!playbook)("the Ansible collection", () => {
  let home: string;
  let node: ControlNode;
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), "guestkit-ansible-"));
    node = new ControlNode(home, playbook as string);
    await node.install();
  });
  afterAll(() => rm(home, { recursive: true, force: true }));

  it("makes an image, then is content; check mode tells, absent removes", async () => {
    const path = join(home, "blank.qcow2");
    const declared = { path, size: "64M" };
    const foreseen = await node.task("guestkit_disk_image", declared, ["--check", "--diff"]);
    expect(foreseen.result).toMatchObject({ changed: true, action: "create" });
    await expect(stat(path)).rejects.toThrow();

    const image = (args: object, keywords = {}): Task => ["guestkit_disk_image", { path, ...args }, keywords];
    const { results, text } = await node.tasks([
      image({ size: "64M" }),
      image({ size: "65536K" }),
      image({ size: "128M" }, { check_mode: true, diff: true }),
      image({ size: "64M" }),
      image({ size: "1M" }),
      image({ state: "absent" }, { check_mode: true }),
      image({ state: "absent" }),
      image({ state: "absent" }),
    ]);
    expect(results).toMatchObject([
      { changed: true, id: path, disk_image: { virtual_size: 64 << 20, size: "64M" } },
      { changed: false, action: "none" },
      { changed: true, action: "update" },
      { changed: false },
      { failed: true, code: "E_SHRINK", msg: expect.stringMatching(/^Cannot shrink size/) },
      { changed: true },
      // Check mode has left it there.
      { changed: true, action: "delete" },
      { changed: false },
    ]);
    expect(text).toContain("grows in place");
    await expect(stat(path)).rejects.toThrow();
  });

  it("reads LVM on LUKS over two disks by keys, which are logged nowhere", async () => {
    const { first, second, passphrase, keyFile } = await lockedVolumes(home);
    const place = { disk: first, with: [second], filesystem: "/dev/vg0/root", path: "/deep/er/leaf" };
    const laptop = join(home, "laptop.img");
    await makeForeignRoot("xfs in LVM", laptop, SMALL_SYSTEM, keyFile);
    const { results, text } = await node.tasks(
      [
        ["guestkit_slurp", { ...place, keys: { "*": { passphrase } } }],
        ["guestkit_inspect", { disk: laptop, keys: { "/dev/sda2": { file: keyFile } } }],
        ["guestkit_slurp", { ...place, disk: second, with: [first], keys: {} }],
      ],
      ["-vvv"],
    );
    expect(results).toMatchObject([
      { content: "leaf\n", changed: false },
      { root: "/dev/vg0/root", packages: [{ name: "one" }, { name: "two" }] },
      { failed: true, code: "E_LVM2_MISSING" },
    ]);
    expect(text).not.toContain(passphrase);
  });

  it("runs the roadmap's playbook as it stands, paths aside", async () => {
    const disk = join(home, "roadmap.img");
    const tree = join(home, "tree");
    await run("mkdir", ["-p", join(tree, "etc/nginx")]);
    await writeFile(join(tree, "etc/nginx/nginx.conf"), "worker_processes 1;\n");
    await symlink("/elsewhere", join(tree, "etc/nginx/outside"));
    await run("mke2fs", ["-q", "-t", "ext4", "-d", tree, disk, "16M"]);
    const text = `- hosts: localhost
  connection: local
  gather_facts: false
  collections: [guestkit.guestkit]
  tasks:
    - name: Inspect VM disk
      guestkit_inspect:
        disk: ${disk}
      register: vm_info

    - name: Extract configuration
      guestkit_cp:
        disk: ${disk}
        src: /etc/nginx/nginx.conf
        dest: ${home}/nginx.conf
`;
    const check = await node.play(text, ["--check", "--diff"]);
    expect(check.text).toContain("+worker_processes 1;");
    await expect(stat(join(home, "nginx.conf"))).rejects.toThrow();
    const first = await node.play(text);
    expect(first, first.text).toMatchObject({ code: 0 });
    expect(first.text).toMatch(/ok=2 +changed=1/);
    expect(await readFile(join(home, "nginx.conf"), "utf8")).toBe("worker_processes 1;\n");
    expect((await node.play(text)).text).toMatch(/ok=2 +changed=0/);
    // What is left out is no reason for Ansible to say that nothing was done.
    const whole = { disk, src: "/etc/nginx", dest: join(home, "whole"), recursive: true };
    const { result } = await node.task("guestkit_cp", whole);
    expect(result).toMatchObject({ changed: true, left_out: [{ path: "outside" }] });
    expect(result).not.toHaveProperty("skipped");
  });

  it("answers for an image without a system, fails with the error's code and next step, and shows no secret", async () => {
    const empty = join(home, "empty.qcow2");
    await run("qemu-img", ["create", "-q", "-f", "qcow2", empty, "1G"]);
    const files = [{ path: "/etc/secret", secret_content: "hunter2-secret" }];
    const { results, text } = await node.tasks(
      [
        ["guestkit_inspect", { disk: empty }],
        ["guestkit_inspect", { disk: join(home, "missing.qcow2") }],
        ["guestkit_disk_image", { path: join(home, "missing/x.qcow2"), size: "bogus", files }],
      ],
      ["-vvv"],
    );
    expect(results).toMatchObject([
      { changed: false, os_type: null, distro: null, packages: [] },
      { failed: true, code: "E_SOURCE_OPEN" },
      { failed: true, code: "E_SIZE_SYNTAX" },
    ]);
    expect(text).not.toContain("hunter2-secret");
  });
});
